// The places of a resource that streams occupy: feeds, long readings. There are so many, and one
// address has half of them at most. When all are taken, who stands still gives his place back: the
// stream whose client has not read for longest, if it is longer than `patience`, is cut.
//
// On one executor.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "api/http/http.h"

namespace yeyak::http {

class Places {
  public:
    explicit Places(std::size_t most,
                    std::chrono::milliseconds patience = std::chrono::milliseconds{1000})
        : all_(std::make_shared<All>()), most_(most), patience_(patience) {}

    struct Entry {
        std::string address;
        StreamWriter* writer = nullptr;
        bool taken_away = false;
    };
    struct All {
        std::list<Entry> entries;
    };

    // Given back when it is destroyed.
    class Place {
      public:
        Place(std::shared_ptr<All> all, std::list<Entry>::iterator at)
            : all_(std::move(all)), at_(at) {}
        ~Place() { all_->entries.erase(at_); }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        struct Leave {
            void operator()(Place* place) const { place->at_->writer = nullptr; }
        };
        // The stream that occupies it, as long as what this gives is kept: no longer than both.
        [[nodiscard]] std::unique_ptr<Place, Leave> occupy(StreamWriter& writer) {
            at_->writer = &writer;
            return std::unique_ptr<Place, Leave>{this};
        }

      private:
        std::shared_ptr<All> all_;
        std::list<Entry>::iterator at_;
    };

    // Nothing when all are taken, or all that `address` may have.
    std::shared_ptr<Place> take(const std::string& address);

    struct Report {
        std::size_t limit = 0;
        std::size_t taken = 0;
        std::uint64_t refused = 0;
        std::uint64_t taken_away = 0;
    };
    Report report() const { return {most_, all_->entries.size(), refused_, taken_away_}; }

  private:
    // Of all, or of one address.
    std::size_t taken(const std::string* address) const;
    bool take_away(const std::string* address);

    const std::shared_ptr<All> all_;
    const std::size_t most_;
    const std::chrono::milliseconds patience_;
    std::uint64_t refused_ = 0;
    std::uint64_t taken_away_ = 0;
};

}  // namespace yeyak::http
