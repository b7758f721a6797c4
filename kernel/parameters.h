// Named values, as they stand in a query, a path or on a command line.
#pragma once
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yeyak {

// Named values in the order they came; a name may come more than once.
struct NamedValue {
    std::string name;
    std::string value;
    bool operator==(const NamedValue&) const = default;
};

// Query or path parameters, already decoded: names compare exactly.
class Parameters {
  public:
    Parameters() = default;
    Parameters(std::initializer_list<NamedValue> values) : values_(values) {}

    void add(std::string name, std::string value);
    std::optional<std::string_view> find(std::string_view name) const;  // the first one
    bool contains(std::string_view name) const { return find(name).has_value(); }
    std::vector<std::string_view> all(std::string_view name) const;
    std::string_view operator[](std::string_view name) const;  // empty when there is none

    auto begin() const { return values_.begin(); }
    auto end() const { return values_.end(); }
    std::size_t size() const { return values_.size(); }
    bool empty() const { return values_.empty(); }
    void clear() { values_.clear(); }
    bool operator==(const Parameters&) const = default;

  private:
    std::vector<NamedValue> values_;
};

}  // namespace yeyak
