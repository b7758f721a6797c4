#include "api/http/negotiation.h"

#include "api/http/gate.h"

namespace yeyak::http {
namespace {

std::string_view trim(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

// "0.25" -> 250. What is not a weight counts as 1000: a client is not refused for a typing error.
int read_weight(std::string_view text) {
    if (text.empty() || text.size() > 5 || text[0] != '0') return 1000;
    int weight = 0;
    int unit = 100;
    for (const char c : text.substr(text.size() > 1 ? 2 : 1)) {
        if (c < '0' || c > '9') return 1000;
        weight += (c - '0') * unit;
        unit /= 10;
    }
    return weight;
}

int weight_of(std::string_view range) {
    for (std::size_t at = range.find(';'); at != std::string_view::npos; at = range.find(';')) {
        range.remove_prefix(at + 1);
        const std::string_view parameter = trim(range.substr(0, range.find(';')));
        if (parameter.starts_with("q=") || parameter.starts_with("Q="))
            return read_weight(trim(parameter.substr(2)));
    }
    return 1000;
}

// How closely a range names a type: 0 not at all, 1 "*/*", 2 "text/*", 3 by name.
int closeness(std::string_view range, std::string_view type) {
    if (range == "*/*" || range == "*") return 1;
    if (range.ends_with("/*"))
        return same_name(range.substr(0, range.size() - 2), type.substr(0, type.find('/'))) ? 2 : 0;
    return same_name(range, type) ? 3 : 0;
}

int weight_for(const Headers& headers, std::string_view type) {
    int closest = 0;
    int weight = 0;
    for (const NamedValue& field : headers) {
        if (!same_name(field.name, "Accept")) continue;
        for_each_element(field.value, [&](std::string_view range) {
            const int close = closeness(media_type(range), type);
            if (close <= closest) return;
            closest = close;
            weight = weight_of(range);
        });
    }
    return weight;
}

}  // namespace

std::string_view media_type(std::string_view content_type) {
    return trim(content_type.substr(0, content_type.find(';')));
}

std::optional<std::string_view> preferred_type(const Headers& headers,
                                               const std::vector<std::string>& offered) {
    if (offered.empty()) return "";
    const auto accept = headers.find("Accept");
    if (!accept || accept->empty()) return offered.front();
    std::optional<std::string_view> best;
    int best_weight = 0;
    for (const std::string& type : offered) {
        const int weight = weight_for(headers, type);
        if (weight <= best_weight) continue;
        best_weight = weight;
        best = type;
    }
    return best;
}

CodingWeights coding_weights(const Headers& headers, std::string_view coding) {
    std::optional<int> named;
    std::optional<int> any;
    CodingWeights weights;
    for (const auto field : headers.all("Accept-Encoding"))
        for_each_element(field, [&](std::string_view element) {
            const auto name = media_type(element);
            if (same_name(name, coding)) named = weight_of(element);
            if (name == "*") any = weight_of(element);
            if (same_name(name, "identity")) weights.identity = weight_of(element);
        });
    weights.coding = named.value_or(any.value_or(0));
    return weights;
}

}  // namespace yeyak::http
