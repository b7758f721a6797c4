#include "api/routes/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "api/routes/body.h"
#include "kernel/nearest.h"

namespace yeyak::api {
namespace {

constexpr std::size_t most_unknown = 20;  // names that are looked at; more tell nobody more

}  // namespace

QueryReader::QueryReader(const http::Request& request, std::vector<std::string> known)
    : request_(request), known_(std::move(known)) {
    for (const auto& parameter : request_.query) {
        if (std::ranges::find(known_, parameter.name) != known_.end()) continue;
        if (errors_.size() == most_unknown) break;
        has_unknown_ = true;
        refuse(parameter.name,
               "is not a parameter here" + std::string{hint(nearest(parameter.name, known_))},
               "unknown_parameter");
    }
}

std::optional<std::int64_t> QueryReader::number(const NumberParameter& parameter) {
    return number(request_.query.find(parameter.name), parameter);
}

std::optional<std::int64_t> QueryReader::number(std::optional<std::string_view> text,
                                                const NumberParameter& parameter) {
    if (!text) return std::nullopt;
    const auto number = parse_number(*text, parameter);
    if (!number) refuse(parameter.name, number_rule(parameter));
    return number;
}

std::string_view QueryReader::word(std::string_view name,
                                   std::initializer_list<std::string_view> words) {
    const auto given = request_.query[name];
    if (given.empty() || std::ranges::find(words, given) != words.end()) return given;
    refuse(name, fmt::format("is {}", fmt::join(words, " or ")));
    return {};
}

std::optional<std::string_view> QueryReader::text(std::string_view name) const {
    return request_.query.find(name);
}

void QueryReader::refuse(std::string_view name, std::string detail, std::string_view code) {
    errors_.push_back({std::string{code}, std::string{name}, std::move(detail)});
}

void QueryReader::refuse_repeated() {
    std::set<std::string_view> said;
    std::set<std::string_view> told;
    for (const auto& parameter : request_.query)
        if (!said.insert(parameter.name).second && told.insert(parameter.name).second)
            refuse(parameter.name, "is there more than once");
}

std::optional<http::Response> QueryReader::refused() const {
    if (errors_.empty()) return std::nullopt;
    auto problem = problem_of_parameters(errors_);
    if (has_unknown_) problem.detail += fmt::format("; known are {}", fmt::join(known_, ", "));
    return http::problem(problem);
}

}  // namespace yeyak::api
