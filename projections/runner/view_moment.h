// One build as it stood at one moment, to be read in pieces: rows by key, rows in key order from
// either end, keys by index. What is written meanwhile is not seen.
//
// It may outlive the store, and then closes the database. Nobody may drop the build. One thread at
// a time.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "projections/runner/view_store.h"

namespace rocksdb {
class Snapshot;
}  // namespace rocksdb

namespace yeyak::projections {

class ViewMoment {
  public:
    ViewMoment(const ViewStore& store, Build build);
    ~ViewMoment();
    ViewMoment(const ViewMoment&) = delete;
    ViewMoment& operator=(const ViewMoment&) = delete;

    StoreResult<RowCounts> counts() const;

    struct Found {
        List list = List::active;
        std::string json;
    };
    StoreResult<std::optional<Found>> find(std::string_view key) const;

    // Stands at an entry or at the end. What it gives is valid until next().
    class Cursor {
      public:
        Cursor(Cursor&&) noexcept;
        ~Cursor();
        bool at_end() const;
        std::string_view key() const;  // of the row
        void next();
        // Why it stands at the end, if it is not the end.
        StoreResult<void> status() const;
        // The JSON of the row; only of rows(), and not at the end.
        StoreResult<std::string_view> json() const;

      private:
        friend class ViewMoment;
        Cursor(std::string view, std::unique_ptr<rocksdb::Iterator> at, std::string prefix,
               bool descending);
        std::string view_;
        std::unique_ptr<rocksdb::Iterator> at_;
        std::string prefix_;
        bool descending_;
    };
    // The rows of a list, in key order.
    Cursor rows(List list, bool descending) const;
    // The keys of the rows whose index has this value, in key order.
    Cursor keys(std::string_view index, std::string_view value, bool descending) const;

  private:
    Cursor begin(std::string prefix, bool descending) const;
    StoreResult<std::optional<std::string>> get(const std::string& key) const;

    const std::shared_ptr<rocksdb::DB> db_;  // may outlive the store
    const Build build_;
    const rocksdb::Snapshot* snapshot_;
};

}  // namespace yeyak::projections
