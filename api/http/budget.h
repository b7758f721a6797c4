// The memory that clients can make the server hold, as one stated amount for all of them: bodies
// that come in, commands that are carried out, answers and pieces of streams that wait to be read.
//
// What a client needs at least (a connection, a small request, a small answer) is counted and
// always granted: the number of connections bounds it. Whatever is larger is granted while there is
// room, and an address may have as much as is left free for all others: one alone gets half of the
// budget, two get a third each, and whoever comes next still finds room.
//
// Thread-safe. Shares may outlive the Budget's owner: they hold what they need.
#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace yeyak::http {

class Budget : public std::enable_shared_from_this<Budget> {
  public:
    explicit Budget(std::size_t bytes) : limit_(bytes) {}

    // What one holder has; given back when it is destroyed.
    class Share {
      public:
        Share() = default;
        ~Share() { release(); }
        Share(Share&& other) noexcept;
        Share& operator=(Share&& other) noexcept;

        // Makes it so large. Less is always granted; more when the rule above says so. When it is
        // refused the share stays as it was.
        [[nodiscard]] bool resize(std::size_t bytes);
        // The same, granted always: for what is there already, or is small.
        void set(std::size_t bytes);
        std::size_t size() const { return bytes_; }

      private:
        friend class Budget;
        Share(std::shared_ptr<Budget> budget, std::string subject)
            : budget_(std::move(budget)), subject_(std::move(subject)) {}
        void release();

        std::shared_ptr<Budget> budget_;
        std::string subject_;
        std::size_t bytes_ = 0;
    };
    // An empty share of `subject`, an address.
    Share open(std::string subject) { return {shared_from_this(), std::move(subject)}; }

    struct Report {
        std::size_t limit = 0;
        std::size_t used = 0;
        std::size_t peak = 0;
        std::uint64_t refused = 0;
    };
    Report report() const;

  private:
    bool grow(const std::string& subject, std::size_t by, bool always);
    void shrink(const std::string& subject, std::size_t by);

    const std::size_t limit_;
    mutable std::mutex mutex_;
    std::map<std::string, std::size_t, std::less<>> by_subject_;
    std::size_t used_ = 0;
    std::size_t peak_ = 0;
    std::uint64_t refused_ = 0;
};

}  // namespace yeyak::http
