#include "tests/simulation/sim_fs.h"

#include <algorithm>

namespace yeyak::simulation {
namespace {

using S = rocksdb::IOStatus;

std::string folder_of(const std::string& path) {
    const auto slash = path.find_last_of('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string clean(std::string path) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    return path;
}

bool parent_lives(const std::map<std::string, InodePtr>& names, const std::string& path) {
    return path == "/" || (names.contains(folder_of(path)) && parent_lives(names, folder_of(path)));
}

std::size_t below(std::mt19937_64& random, std::size_t end) { return end ? random() % end : 0; }

// What is left of one file.
InodePtr survivor(const Cut::File& file, Remains remains, std::mt19937_64& random) {
    auto left = std::make_shared<Inode>();
    left->rewritable = file.state.rewritable;
    const std::string& all = left->rewritable ? file.state.bytes : file.inode->bytes;
    const std::size_t size = std::min(file.size, all.size());
    const std::size_t synced = std::min(file.state.synced, size);
    std::size_t kept = synced;
    if (remains == Remains::everything) kept = size;
    if (remains == Remains::some || remains == Remains::garbage)
        kept += below(random, size - synced + 1);
    left->bytes = all.substr(0, kept);
    if (remains == Remains::garbage && size > kept) {
        const bool zeros = random() % 2 == 0;
        const std::size_t count = below(random, size - kept) + 1;
        for (std::size_t i = 0; i < count; ++i)
            left->bytes += zeros ? '\0' : static_cast<char>(random());
    }
    // An overwrite that was not synced is undone wholly, in part, or not at all.
    for (auto o = file.state.overwritten.rbegin(); o != file.state.overwritten.rend(); ++o) {
        std::size_t from = 0;
        if (remains == Remains::everything) continue;
        if (remains != Remains::nothing) from = below(random, o->before.size() + 1);
        for (std::size_t i = from; i < o->before.size() && o->at + i < left->bytes.size(); ++i)
            left->bytes[o->at + i] = o->before[i];
    }
    left->synced = left->bytes.size();
    return left;
}

const std::string& name_of(const NameChange& change) {
    return change.added.empty() ? change.removed : change.added;
}

void apply_change(std::map<std::string, InodePtr>& names, const NameChange& change) {
    if (!change.removed.empty()) names.erase(change.removed);
    if (!change.added.empty()) names[change.added] = change.inode;
}

}  // namespace

SimFs::SimFs(const Cut& cut, Remains remains, std::mt19937_64& random) {
    auto names = cut.names;
    // A journal keeps the order within a folder, not between folders.
    std::map<std::string, std::size_t> left;
    for (const auto& change : cut.changes) ++left[folder_of(name_of(change))];
    for (auto& [folder, count] : left) {
        if (remains == Remains::nothing) count = 0;
        if (remains == Remains::some || remains == Remains::garbage)
            count = below(random, count + 1);
    }
    for (const auto& change : cut.changes) {
        auto& count = left[folder_of(name_of(change))];
        if (count == 0) continue;
        --count;
        apply_change(names, change);
    }
    for (const auto& [path, inode] : names) {
        if (!parent_lives(names, path)) continue;
        live_[path] = inode ? survivor(cut.files.at(inode.get()), remains, random) : nullptr;
    }
    durable_ = live_;
}

std::shared_ptr<SimFs> SimFs::copy() const {
    const std::lock_guard lock{mutex_};
    auto twin = std::make_shared<SimFs>();
    for (const auto& [path, inode] : live_) {
        auto same = inode ? std::make_shared<Inode>(*inode) : nullptr;
        if (same) same->synced = same->bytes.size(), same->overwritten.clear();
        twin->live_[path] = same;
    }
    twin->durable_ = twin->live_;
    return twin;
}

Cut SimFs::cut() const {
    const std::lock_guard lock{mutex_};
    return cut_locked();
}

Cut SimFs::cut_locked() const {
    Cut cut{label_, durable_, changes_, {}};
    const auto note = [&](const InodePtr& inode) {
        if (!inode || cut.files.contains(inode.get())) return;
        Inode state;
        if (inode->rewritable) state.bytes = inode->bytes;
        state.synced = inode->synced;
        state.overwritten = inode->overwritten;
        state.rewritable = inode->rewritable;
        cut.files[inode.get()] = {inode, inode->bytes.size(), std::move(state)};
    };
    for (const auto& [path, inode] : durable_) note(inode);
    for (const auto& change : changes_) note(change.inode);
    return cut;
}

void SimFs::record_cuts(std::vector<Cut>* cuts) {
    const std::lock_guard lock{mutex_};
    cuts_ = cuts;
}
void SimFs::set_label(std::uint64_t label) {
    const std::lock_guard lock{mutex_};
    label_ = label;
}
void SimFs::fail(Fault fault) {
    const std::lock_guard lock{mutex_};
    fault_ = fault;
    failed_ = false;
    writes_ = reads_ = 0;
}
std::uint64_t SimFs::writes() const {
    const std::lock_guard lock{mutex_};
    return writes_;
}
std::uint64_t SimFs::reads() const {
    const std::lock_guard lock{mutex_};
    return reads_;
}
bool SimFs::failed() const {
    const std::lock_guard lock{mutex_};
    return failed_;
}
std::uint64_t SimFs::trace_hash() const {
    const std::lock_guard lock{mutex_};
    return trace_;
}
std::vector<std::string> SimFs::file_names() const {
    const std::lock_guard lock{mutex_};
    std::vector<std::string> names;
    for (const auto& [path, inode] : live_)
        if (inode) names.push_back(path);
    return names;
}
std::string* SimFs::bytes(const std::string& path) {
    const std::lock_guard lock{mutex_};
    const auto inode = find(path);
    return inode ? &inode->bytes : nullptr;
}

InodePtr SimFs::find(const P& path) const {
    const auto found = live_.find(clean(path));
    return found == live_.end() ? nullptr : found->second;
}

S SimFs::fault_status(std::uint64_t count, bool is_read) {
    if (fault_.at == 0 || fault_.reads != is_read) return S::OK();
    if (fault_.sticky ? count < fault_.at : count != fault_.at) return S::OK();
    failed_ = true;
    if (fault_.kind == Fault::Kind::no_space) return S::NoSpace("injected");
    return S::IOError("injected");
}

S SimFs::step(char operation, const P& path, std::size_t size) {
    if (cuts_) cuts_->push_back(cut_locked());
    ++writes_;
    const auto mix = [&](std::string_view bytes) {
        for (const unsigned char c : bytes) trace_ = (trace_ ^ c) * 1099511628211u;
    };
    mix({&operation, 1});
    mix(path);
    mix(std::to_string(size));
    return fault_status(writes_, false);
}

void SimFs::rename_locked(NameChange change) {
    apply_change(live_, change);
    changes_.push_back(std::move(change));
}

S SimFs::append(Inode& inode, const P& path, const rocksdb::Slice& data) {
    const std::lock_guard lock{mutex_};
    const auto status = step('a', path, data.size());
    std::size_t size = data.size();
    if (!status.ok()) size = fault_.kind == Fault::Kind::short_write ? size / 2 : 0;
    inode.bytes.append(data.data(), size);
    return status;
}

S SimFs::overwrite(Inode& inode, const P& path, std::size_t at, const rocksdb::Slice& data) {
    const std::lock_guard lock{mutex_};
    const auto status = step('o', path, data.size());
    std::size_t size = data.size();
    if (!status.ok()) size = fault_.kind == Fault::Kind::short_write ? size / 2 : 0;
    if (at + size > inode.bytes.size()) inode.bytes.resize(at + size);
    inode.overwritten.push_back({at, inode.bytes.substr(at, size)});
    inode.bytes.replace(at, size, data.data(), size);
    return status;
}

S SimFs::truncate(Inode& inode, const P& path, std::size_t size) {
    const std::lock_guard lock{mutex_};
    if (size == inode.bytes.size()) return S::OK();
    const auto status = step('t', path, size);
    if (!status.ok()) return status;
    inode.bytes.resize(size);
    inode.synced = std::min(inode.synced, size);
    return status;
}

S SimFs::sync(Inode& inode, const P& path) {
    const std::lock_guard lock{mutex_};
    const auto status = step('s', path, inode.bytes.size());
    if (!status.ok()) return status;
    inode.synced = inode.bytes.size();
    inode.overwritten.clear();
    return status;
}

S SimFs::sync_names(const P& folder) {
    const std::lock_guard lock{mutex_};
    const auto status = step('d', folder, 0);
    if (!status.ok()) return status;
    std::erase_if(changes_, [&](const NameChange& change) {
        if (folder_of(name_of(change)) != folder) return false;
        apply_change(durable_, change);
        return true;
    });
    return status;
}

S SimFs::read(const Inode& inode, std::size_t at, std::size_t size, rocksdb::Slice* out,
              char* scratch) {
    const std::lock_guard lock{mutex_};
    if (const auto status = fault_status(++reads_, true); !status.ok()) return status;
    const std::size_t from = std::min(at, inode.bytes.size());
    const std::size_t count = std::min(size, inode.bytes.size() - from);
    std::copy_n(inode.bytes.data() + from, count, scratch);
    *out = {scratch, count};
    return S::OK();
}

}  // namespace yeyak::simulation
