// The RocksDB interfaces of SimFs: open files, names, locks, and the environment around them.
#include <rocksdb/system_clock.h>

#include "tests/simulation/sim_fs.h"

namespace yeyak::simulation {
namespace {

using S = rocksdb::IOStatus;
using O = rocksdb::IOOptions;
using F = rocksdb::FileOptions;
using D = rocksdb::IODebugContext;

struct OpenFile {
    SimFs* disk;
    InodePtr inode;
    std::string path;
};

class SequentialFile final : public rocksdb::FSSequentialFile {
  public:
    explicit SequentialFile(OpenFile file) : file_(std::move(file)) {}
    S Read(size_t size, const O&, rocksdb::Slice* out, char* scratch, D*) override {
        const auto status = file_.disk->read(*file_.inode, at_, size, out, scratch);
        if (status.ok()) at_ += out->size();
        return status;
    }
    S Skip(uint64_t size) override {
        at_ += size;
        return S::OK();
    }

  private:
    OpenFile file_;
    std::size_t at_ = 0;
};

class RandomFile final : public rocksdb::FSRandomAccessFile {
  public:
    explicit RandomFile(OpenFile file) : file_(std::move(file)) {}
    S Read(uint64_t at, size_t size, const O&, rocksdb::Slice* out, char* scratch,
           D*) const override {
        return file_.disk->read(*file_.inode, at, size, out, scratch);
    }

  private:
    OpenFile file_;
};

class WritableFile final : public rocksdb::FSWritableFile {
  public:
    explicit WritableFile(OpenFile file) : file_(std::move(file)) {}
    using FSWritableFile::Append;
    S Append(const rocksdb::Slice& data, const O&, D*) override {
        return file_.disk->append(*file_.inode, file_.path, data);
    }
    S Truncate(uint64_t size, const O&, D*) override {
        return file_.disk->truncate(*file_.inode, file_.path, size);
    }
    S Close(const O&, D*) override { return S::OK(); }
    S Flush(const O&, D*) override { return S::OK(); }
    S Sync(const O&, D*) override { return file_.disk->sync(*file_.inode, file_.path); }
    uint64_t GetFileSize(const O&, D*) override { return file_.inode->bytes.size(); }

  private:
    OpenFile file_;
};

class RewritableFile final : public rocksdb::FSRandomRWFile {
  public:
    explicit RewritableFile(OpenFile file) : file_(std::move(file)) {}
    S Write(uint64_t at, const rocksdb::Slice& data, const O&, D*) override {
        return file_.disk->overwrite(*file_.inode, file_.path, at, data);
    }
    S Read(uint64_t at, size_t size, const O&, rocksdb::Slice* out, char* scratch,
           D*) const override {
        return file_.disk->read(*file_.inode, at, size, out, scratch);
    }
    S Flush(const O&, D*) override { return S::OK(); }
    S Sync(const O&, D*) override { return file_.disk->sync(*file_.inode, file_.path); }
    S Close(const O&, D*) override { return S::OK(); }

  private:
    OpenFile file_;
};

class Folder final : public rocksdb::FSDirectory {
  public:
    Folder(SimFs* disk, std::string path) : disk_(disk), path_(std::move(path)) {}
    S Fsync(const O&, D*) override { return disk_->sync_names(path_); }

  private:
    SimFs* disk_;
    std::string path_;
};

struct Lock final : rocksdb::FileLock {
    explicit Lock(std::string p) : path(std::move(p)) {}
    std::string path;
};

// Sleeping would cost real time: RocksDB sleeps a second after an error.
class StillClock final : public rocksdb::SystemClockWrapper {
  public:
    StillClock() : SystemClockWrapper(rocksdb::SystemClock::Default()) {}
    const char* Name() const override { return "yeyak.still_clock"; }
    uint64_t NowMicros() override { return 1'800'000'000'000'000; }
    uint64_t NowNanos() override { return NowMicros() * 1000; }
    void SleepForMicroseconds(int) override {}
    rocksdb::Status GetCurrentTime(int64_t* seconds) override {
        *seconds = 1'800'000'000;
        return rocksdb::Status::OK();
    }
};

class SimEnv final : public rocksdb::EnvWrapper {
  public:
    explicit SimEnv(std::shared_ptr<SimFs> files)
        : EnvWrapper(rocksdb::NewCompositeEnv(files)), clock_(std::make_shared<StillClock>()) {
        file_system_ = std::move(files);
        system_clock_ = clock_;
    }
    uint64_t NowMicros() override { return clock_->NowMicros(); }
    uint64_t NowNanos() override { return clock_->NowNanos(); }
    void SleepForMicroseconds(int) override {}
    rocksdb::Status GetCurrentTime(int64_t* seconds) override {
        return clock_->GetCurrentTime(seconds);
    }

  private:
    std::shared_ptr<StillClock> clock_;
};

std::string clean(std::string path) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    return path;
}

}  // namespace

std::unique_ptr<rocksdb::Env> sim_env(std::shared_ptr<SimFs> files) {
    return std::make_unique<SimEnv>(std::move(files));
}

S SimFs::NewSequentialFile(const P& path, const F&, std::unique_ptr<rocksdb::FSSequentialFile>* out,
                           D*) {
    const std::lock_guard lock{mutex_};
    const auto inode = find(path);
    if (!inode) return S::PathNotFound(path);
    if (const auto status = fault_status(++reads_, true); !status.ok()) return status;
    *out = std::make_unique<SequentialFile>(OpenFile{this, inode, path});
    return S::OK();
}

S SimFs::NewRandomAccessFile(const P& path, const F&,
                             std::unique_ptr<rocksdb::FSRandomAccessFile>* out, D*) {
    const std::lock_guard lock{mutex_};
    const auto inode = find(path);
    if (!inode) return S::PathNotFound(path);
    if (const auto status = fault_status(++reads_, true); !status.ok()) return status;
    *out = std::make_unique<RandomFile>(OpenFile{this, inode, path});
    return S::OK();
}

S SimFs::NewWritableFile(const P& path, const F&, std::unique_ptr<rocksdb::FSWritableFile>* out,
                         D*) {
    const std::lock_guard lock{mutex_};
    if (const auto status = step('c', path, 0); !status.ok()) return status;
    auto inode = std::make_shared<Inode>();
    rename_locked({"", clean(path), inode});
    *out = std::make_unique<WritableFile>(OpenFile{this, inode, path});
    return S::OK();
}

S SimFs::NewRandomRWFile(const P& path, const F&, std::unique_ptr<rocksdb::FSRandomRWFile>* out,
                         D*) {
    const std::lock_guard lock{mutex_};
    const auto appended = find(path);
    if (!appended) return S::PathNotFound(path);
    // Earlier cuts share the old inode, whose bytes only ever grow.
    const auto inode = appended->rewritable ? appended : std::make_shared<Inode>(*appended);
    inode->rewritable = true;
    for (auto* names : {&live_, &durable_})
        for (auto& [name, known] : *names)
            if (known == appended) known = inode;
    for (auto& change : changes_)
        if (change.inode == appended) change.inode = inode;
    *out = std::make_unique<RewritableFile>(OpenFile{this, inode, path});
    return S::OK();
}

S SimFs::NewDirectory(const P& path, const O&, std::unique_ptr<rocksdb::FSDirectory>* out, D*) {
    const std::lock_guard lock{mutex_};
    if (!live_.contains(clean(path))) return S::PathNotFound(path);
    *out = std::make_unique<Folder>(this, clean(path));
    return S::OK();
}

S SimFs::FileExists(const P& path, const O&, D*) {
    const std::lock_guard lock{mutex_};
    return live_.contains(clean(path)) ? S::OK() : S::NotFound(path);
}

S SimFs::GetChildren(const P& path, const O&, std::vector<P>* out, D*) {
    const std::lock_guard lock{mutex_};
    const auto prefix = clean(path) + "/";
    out->clear();
    if (!live_.contains(clean(path))) return S::NotFound(path);
    for (const auto& [name, inode] : live_)
        if (name.starts_with(prefix) && name.find('/', prefix.size()) == P::npos)
            out->push_back(name.substr(prefix.size()));
    return S::OK();
}

S SimFs::DeleteFile(const P& path, const O&, D*) {
    const std::lock_guard lock{mutex_};
    if (!find(path)) return S::PathNotFound(path);
    if (const auto status = step('x', path, 0); !status.ok()) return status;
    rename_locked({clean(path), "", nullptr});
    return S::OK();
}

S SimFs::CreateDir(const P& path, const O&, D*) {
    const std::lock_guard lock{mutex_};
    if (live_.contains(clean(path))) return S::IOError("exists");
    if (const auto status = step('m', path, 0); !status.ok()) return status;
    rename_locked({"", clean(path), nullptr});
    return S::OK();
}

S SimFs::CreateDirIfMissing(const P& path, const O& options, D* context) {
    return FileExists(path, options, context).ok() ? S::OK() : CreateDir(path, options, context);
}

S SimFs::DeleteDir(const P&, const O&, D*) { return S::NotSupported("DeleteDir"); }

S SimFs::GetFileSize(const P& path, const O&, std::uint64_t* size, D*) {
    const std::lock_guard lock{mutex_};
    const auto inode = find(path);
    if (!inode) return S::PathNotFound(path);
    *size = inode->bytes.size();
    return S::OK();
}

S SimFs::GetFileModificationTime(const P&, const O&, std::uint64_t* time, D*) {
    *time = 1'800'000'000;
    return S::OK();
}

S SimFs::RenameFile(const P& from, const P& to, const O&, D*) {
    const std::lock_guard lock{mutex_};
    const auto inode = find(from);
    if (!inode) return S::PathNotFound(from);
    if (const auto status = step('r', to, 0); !status.ok()) return status;
    rename_locked({clean(from), clean(to), inode});
    return S::OK();
}

S SimFs::LockFile(const P& path, const O&, rocksdb::FileLock** out, D*) {
    const std::lock_guard lock{mutex_};
    if (locks_[path]) return S::IOError("While lock file: " + path, "held");
    locks_[path] = true;
    if (!find(path)) rename_locked({"", clean(path), std::make_shared<Inode>()});
    *out = new Lock{path};
    return S::OK();
}

S SimFs::UnlockFile(rocksdb::FileLock* file_lock, const O&, D*) {
    const std::lock_guard lock{mutex_};
    const std::unique_ptr<Lock> held{static_cast<Lock*>(file_lock)};
    locks_[held->path] = false;
    return S::OK();
}

S SimFs::GetTestDirectory(const O&, P* path, D*) {
    *path = "/test";
    return S::OK();
}

S SimFs::GetAbsolutePath(const P& path, const O&, P* out, D*) {
    *out = path;
    return S::OK();
}

S SimFs::IsDirectory(const P& path, const O&, bool* is, D*) {
    const std::lock_guard lock{mutex_};
    *is = live_.contains(clean(path)) && !find(path);
    return S::OK();
}

}  // namespace yeyak::simulation
