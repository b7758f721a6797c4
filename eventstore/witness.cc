#include "eventstore/witness.h"

#include <rocksdb/file_system.h>

#include <cstring>

#include "eventstore/bytes.h"
#include "eventstore/data_folder.h"
#include "eventstore/hash.h"

namespace yeyak::eventstore {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

constexpr std::string_view magic = "YKWITNS1";
constexpr std::size_t slot_bytes = 64;
constexpr std::size_t slot_stride = 4096;  // a torn write of one slot cannot reach the other

std::string blank_file() { return std::string(2 * slot_stride, '\0'); }

StoreError io_error(const IOStatus& status) {
    return {StoreError::Kind::io, "tail witness: " + status.ToString()};
}

std::string encode(const WitnessMark& mark) {
    std::string slot{magic};
    put_u64_be(slot, mark.position);
    put_u64_be(slot, mark.sequence);
    slot.append(reinterpret_cast<const char*>(mark.leaf.data()), mark.leaf.size());
    put_u64_be(slot, xxh3(slot, 0));
    return slot;
}

std::optional<WitnessMark> decode(std::string_view slot) {
    if (slot.size() < slot_bytes || !slot.starts_with(magic)) return std::nullopt;
    ByteReader checksum{slot.substr(slot_bytes - 8)};
    if (checksum.u64_be() != xxh3(slot.substr(0, slot_bytes - 8), 0)) return std::nullopt;
    ByteReader reader{slot.substr(magic.size())};
    WitnessMark mark;
    mark.position = reader.u64_be();
    mark.sequence = reader.u64_be();
    const auto leaf = reader.take(mark.leaf.size());
    std::memcpy(mark.leaf.data(), leaf.data(), leaf.size());
    return mark;
}

// A process that dies here leaves no witness or a whole one, never a piece.
IOStatus create(rocksdb::FileSystem& files, const std::string& path) {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    IODebugContext* const context = nullptr;
    const IOOptions options;
    const auto unfinished = path + ".new";
    auto status = files.NewWritableFile(unfinished, {}, &file, context);
    if (status.ok()) status = file->Append(blank_file(), options, context);
    if (status.ok()) status = file->Fsync(options, context);
    if (status.ok()) status = file->Close(options, context);
    if (status.ok()) status = files.RenameFile(unfinished, path, options, context);
    if (!status.ok()) return status;
    const auto slash = path.find_last_of('/');
    return sync_folder(files, slash == std::string::npos ? "." : path.substr(0, slash));
}

struct Newest {
    std::optional<WitnessMark> mark;
    unsigned slot = 1;
};

Newest read_newest(rocksdb::FileSystem& files, const std::string& path) {
    std::unique_ptr<rocksdb::FSRandomAccessFile> file;
    if (!files.NewRandomAccessFile(path, {}, &file, nullptr).ok()) return {};
    Newest newest;
    for (unsigned slot = 0; slot < 2; ++slot) {
        char buffer[slot_bytes];
        rocksdb::Slice bytes;
        if (!file->Read(slot * slot_stride, slot_bytes, {}, &bytes, buffer, nullptr).ok()) continue;
        const auto mark = decode({bytes.data(), bytes.size()});
        if (mark && (!newest.mark || mark->sequence > newest.mark->sequence)) newest = {mark, slot};
    }
    return newest;
}

}  // namespace

std::optional<WitnessMark> Witness::read(rocksdb::FileSystem& files, const std::string& path) {
    return read_newest(files, path).mark;
}

bool Witness::is_blank(rocksdb::FileSystem& files, const std::string& path) {
    std::string found;
    return rocksdb::ReadFileToString(&files, path, &found).ok() && found == blank_file();
}

StoreResult<std::unique_ptr<Witness>> Witness::open(std::shared_ptr<rocksdb::FileSystem> files,
                                                    std::string path, WitnessMode mode) {
    if (files->FileExists(path, {}, nullptr).IsNotFound())
        if (const auto made = create(*files, path); !made.ok())
            return std::unexpected(io_error(made));
    std::unique_ptr<rocksdb::FSRandomRWFile> file;
    if (const auto opened = files->NewRandomRWFile(path, {}, &file, nullptr); !opened.ok())
        return std::unexpected(io_error(opened));
    const unsigned next = 1 - read_newest(*files, path).slot;
    return std::unique_ptr<Witness>{new Witness{std::move(file), mode, next}};
}

Witness::Witness(std::unique_ptr<rocksdb::FSRandomRWFile> file, WitnessMode mode, unsigned slot)
    : file_(std::move(file)), mode_(mode), slot_(slot) {
    if (mode_ == WitnessMode::background) writer_ = std::thread{[this] { run(); }};
}

Witness::~Witness() {
    if (!writer_.joinable()) return;
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_one();
    writer_.join();
}

StoreResult<void> Witness::record(const WitnessMark& mark) {
    if (mode_ == WitnessMode::inline_sync) return write(mark);
    {
        const std::lock_guard lock{mutex_};
        if (failure_) return std::unexpected(*failure_);
        wanted_ = mark;
    }
    changed_.notify_one();
    return {};
}

void Witness::run() {
    std::unique_lock lock{mutex_};
    while (true) {
        changed_.wait(lock, [&] { return wanted_ || stopping_; });
        if (!wanted_) return;
        const auto mark = *std::exchange(wanted_, std::nullopt);
        lock.unlock();
        const auto written = write(mark);
        lock.lock();
        if (!written) failure_ = written.error();
    }
}

StoreResult<void> Witness::write(const WitnessMark& mark) {
    const auto slot = encode(mark);
    auto status = file_->Write(slot_ * slot_stride, slot, {}, nullptr);
    if (status.ok()) status = file_->Sync({}, nullptr);
    if (!status.ok()) return std::unexpected(io_error(status));
    slot_ = 1 - slot_;
    return {};
}

}  // namespace yeyak::eventstore
