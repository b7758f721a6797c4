#include <fmt/format.h>

#include "demo/day.h"

namespace yeyak::demo {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr int tries = 4;
constexpr std::size_t put_up_at_once = 20;
constexpr std::size_t longest_example = 300;

bool in_order(int status, int also) {
    return (status >= 200 && status < 300) || status == 402 || status == 409 || status == 503 ||
           status == also;
}

}  // namespace

User::User(Day& day, Client& client, const Script& script, std::uint64_t visit, std::int64_t number)
    : day_(day),
      client_(client),
      script_(script),
      visit_(visit),
      number_(number),
      random_(Random::for_visit(day.plan().seed, visit)) {}

Task<Answer> User::get(std::string_view kind, std::string path, int also) {
    return ask(kind, "GET", std::move(path), "", also);
}

Task<Answer> User::post(std::string_view kind, std::string path, std::string body, int also) {
    return ask(kind, "POST", std::move(path), std::move(body), also);
}

Task<Answer> User::patch(std::string_view kind, std::string path, std::string body, int also) {
    return ask(kind, "PATCH", std::move(path), std::move(body), also);
}

Task<Answer> User::remove(std::string_view kind, std::string path, int also) {
    return ask(kind, "DELETE", std::move(path), "", also);
}

void User::made(std::string_view what) {
    ++day_.tally.made[fmt::format("{} {}", script_.system, what)];
}

void User::put_up(std::int64_t id) {
    auto& shelf = day_.put_up(script_);
    if (shelf.size() == put_up_at_once) shelf.erase(shelf.begin());
    shelf.push_back(id);
}

std::int64_t User::pick(std::uint64_t drawn) const {
    const auto& shelf = day_.put_up(script_);
    return shelf.empty() ? 0 : shelf[drawn % shelf.size()];
}

// No two commands of any run share a key, also when the seed is the same.
std::string User::next_key() {
    return fmt::format("demo-{}-{}-{}", day_.run_id(), visit_, ++asked_);
}

Task<Answer> User::ask(std::string_view kind, std::string method, std::string path,
                       std::string body, int also) {
    const auto counted_as = fmt::format("{} {}", script_.system, kind);
    ClientRequest request{std::move(method), fmt::format("/{}{}", script_.system, path),
                          std::move(body), ""};
    if (request.method != "GET") request.key = next_key();
    Answer answer;
    for (int left = tries; left > 0 && day_.take(); --left) {
        if (left < tries) ++day_.tally.retries;
        const auto began = Day::Clock::now();
        auto got = co_await client_.send(request);
        answer = std::move(got);
        day_.tally.count(counted_as, answer,
                         duration_cast<microseconds>(Day::Clock::now() - began));
        day_.heard(answer);
        if (answer.status == 0) {
            co_await day_.pause(milliseconds{100 << (tries - left)});
        } else if (answer.status != 503) {
            break;
        } else if (answer.replayed) {
            request.key = next_key();  // this key keeps its refusal
        } else if (left > 1) {
            co_await day_.pause(std::max(answer.retry_after, milliseconds{100}));
        }
    }
    if (answer.status != 0 && !in_order(answer.status, also))
        day_.tally.surprise(fmt::format("{} -> {}", counted_as, answer.status),
                            fmt::format("{} {} {} -> {}", request.method, request.path,
                                        request.body, answer.body.substr(0, longest_example)));
    co_return answer;
}

}  // namespace yeyak::demo
