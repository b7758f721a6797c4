// A disk in memory under RocksDB, which loses at a power cut whatever a real one may lose: bytes
// that were not synced, names whose folder was not synced (the newest first, as a journal does),
// parts of an overwrite. It fails operations on demand, flips bits, and can cut the power at every
// operation of a run afterwards, because it keeps what is needed to know what was durable then.
//
// One SimFs is one disk; a restart after a power cut is another one made from a Cut. Any thread.
#pragma once
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace yeyak::simulation {

struct Inode {
    struct Overwrite {
        std::size_t at;
        std::string before;
    };
    std::string bytes;
    std::size_t synced = 0;              // this many bytes survive a power cut
    std::vector<Overwrite> overwritten;  // not synced changes of synced bytes, oldest first
    bool rewritable = false;
};
using InodePtr = std::shared_ptr<Inode>;  // none for a directory

// A change of names that is durable once its directory is synced. A rename has both names.
struct NameChange {
    std::string removed;
    std::string added;
    InodePtr inode;
};

// The disk just before one operation.
struct Cut {
    struct File {
        InodePtr inode;
        std::size_t size;
        Inode state;  // without bytes, unless the file is rewritable
    };
    std::uint64_t label = 0;  // what the driver said by then, e.g. how many commits it acknowledged
    std::map<std::string, InodePtr> names;  // durable
    std::vector<NameChange> changes;        // not yet
    std::map<const Inode*, File> files;
};

// How much of what was not synced a power cut leaves.
enum class Remains { nothing, everything, some, garbage };

struct Fault {
    enum class Kind { io_error, no_space, short_write };
    std::uint64_t at = 0;  // the operation that fails, counted from 1; 0 for none
    Kind kind = Kind::io_error;
    bool sticky = false;  // all later ones, too
    bool reads = false;   // counts reads instead of writes
};

class SimFs final : public rocksdb::FileSystem {
  public:
    SimFs() { live_["/"] = durable_["/"] = nullptr; }
    // The disk after a power cut.
    SimFs(const Cut& cut, Remains remains, std::mt19937_64& random);

    std::shared_ptr<SimFs> copy() const;  // as it is now, nothing lost
    Cut cut() const;
    void record_cuts(std::vector<Cut>* cuts);  // null ends it
    void set_label(std::uint64_t label);
    void fail(Fault fault);  // counts operations from here
    std::uint64_t writes() const;
    std::uint64_t reads() const;
    bool failed() const;  // whether the fault was met
    std::uint64_t trace_hash() const;
    std::vector<std::string> file_names() const;
    std::string* bytes(const std::string& path);  // null when there is no such file

    const char* Name() const override { return "yeyak.sim_fs"; }
    using S = rocksdb::IOStatus;
    using O = rocksdb::IOOptions;
    using F = rocksdb::FileOptions;
    using D = rocksdb::IODebugContext;
    using P = std::string;
    S NewSequentialFile(const P&, const F&, std::unique_ptr<rocksdb::FSSequentialFile>*,
                        D*) override;
    S NewRandomAccessFile(const P&, const F&, std::unique_ptr<rocksdb::FSRandomAccessFile>*,
                          D*) override;
    S NewWritableFile(const P&, const F&, std::unique_ptr<rocksdb::FSWritableFile>*, D*) override;
    S NewRandomRWFile(const P&, const F&, std::unique_ptr<rocksdb::FSRandomRWFile>*, D*) override;
    S NewDirectory(const P&, const O&, std::unique_ptr<rocksdb::FSDirectory>*, D*) override;
    S FileExists(const P&, const O&, D*) override;
    S GetChildren(const P&, const O&, std::vector<P>*, D*) override;
    S DeleteFile(const P&, const O&, D*) override;
    S CreateDir(const P&, const O&, D*) override;
    S CreateDirIfMissing(const P&, const O&, D*) override;
    S DeleteDir(const P&, const O&, D*) override;
    S GetFileSize(const P&, const O&, std::uint64_t*, D*) override;
    S GetFileModificationTime(const P&, const O&, std::uint64_t*, D*) override;
    S RenameFile(const P&, const P&, const O&, D*) override;
    S LockFile(const P&, const O&, rocksdb::FileLock**, D*) override;
    S UnlockFile(rocksdb::FileLock*, const O&, D*) override;
    S GetTestDirectory(const O&, P*, D*) override;
    S GetAbsolutePath(const P&, const O&, P*, D*) override;
    S IsDirectory(const P&, const O&, bool*, D*) override;

    // For the files of this disk.
    S append(Inode& inode, const P& path, const rocksdb::Slice& data);
    S overwrite(Inode& inode, const P& path, std::size_t at, const rocksdb::Slice& data);
    S truncate(Inode& inode, const P& path, std::size_t size);
    S sync(Inode& inode, const P& path);
    S sync_names(const P& folder);
    S read(const Inode& inode, std::size_t at, std::size_t size, rocksdb::Slice* out,
           char* scratch);

  private:
    S step(char operation, const P& path, std::size_t size);
    S fault_status(std::uint64_t count, bool is_read);
    Cut cut_locked() const;
    void rename_locked(NameChange change);
    InodePtr find(const P& path) const;

    mutable std::mutex mutex_;
    std::map<P, InodePtr> live_;
    std::map<P, InodePtr> durable_;
    std::vector<NameChange> changes_;
    std::map<P, bool> locks_;
    std::vector<Cut>* cuts_ = nullptr;
    std::uint64_t label_ = 0;
    Fault fault_;
    bool failed_ = false;
    std::uint64_t writes_ = 0;
    std::uint64_t reads_ = 0;
    std::uint64_t trace_ = 14695981039346656037u;
};

// RocksDB on that disk, with a clock that stands still and never waits.
std::unique_ptr<rocksdb::Env> sim_env(std::shared_ptr<SimFs> files);

}  // namespace yeyak::simulation
