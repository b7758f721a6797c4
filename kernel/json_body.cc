// Reading bodies: on past what is wrong, and with the text at hand for what is kept as it is.
#include <fmt/format.h>

#include <algorithm>

#include "kernel/json_body.h"
#include "kernel/json_fields.h"
#include "kernel/json_parse.h"

namespace yeyak::json_detail {
namespace {

// Where the text of a document is that is read at the same time. The parser has accepted the text:
// here it is JSON. Names are values, too.
class Source {
  public:
    // An object or array.
    explicit Source(std::string_view text)
        : rest_(text.substr(std::min(text.find_first_of("{["), text.size()))) {}

    // The text of the next value.
    std::string_view value() {
        skip_to_value();
        const auto size = size_of_value();
        const auto text = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return text;
    }
    // Into the object or array that is next, and out of it.
    void enter() {
        skip_to_value();
        rest_.remove_prefix(1);
    }
    void leave() { enter(); }

  private:
    // Between two values there is nothing but these.
    void skip_to_value() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n,:"), rest_.size()));
    }
    // From one double quote to the other.
    std::size_t end_of_text(std::size_t at) const {
        for (++at; at < rest_.size() && rest_[at] != '"'; ++at)
            if (rest_[at] == '\\') ++at;
        return at + 1;
    }
    std::size_t end_of_holder() const {
        std::size_t depth = 0;
        std::size_t at = 0;
        do {
            const char c = rest_[at];
            if (c == '{' || c == '[') ++depth;
            if (c == '}' || c == ']') --depth;
            at = c == '"' ? end_of_text(at) : at + 1;
        } while (depth > 0 && at < rest_.size());
        return at;
    }
    std::size_t size_of_value() const {
        if (rest_.starts_with('"')) return end_of_text(0);
        if (rest_.starts_with('{') || rest_.starts_with('[')) return end_of_holder();
        return std::min(rest_.find_first_of(" \t\r\n,:]}"), rest_.size());
    }

    std::string_view rest_;
};

// The field that takes what no other does; how many fields there are when none does.
std::size_t find_others(std::span<const FieldTable> fields) {
    std::size_t number = 0;
    while (number < fields.size() && fields[number].type->kind != Kind::others) ++number;
    return number;
}

// Structs in all the lists of a body: more than any body may hold. Those beyond are passed over, so
// that a body of nothing but commas and digits takes no more memory than a good one.
constexpr std::size_t most_items = 10'000;

bool is_list_of_structs(const TypeTable& type) {
    return type.kind == Kind::list && type.inner->kind == Kind::structure;
}

class BodyReader {
  public:
    BodyReader(std::string_view text, Reading reading) : source_(text), reading_(reading) {}

    FieldsRead object(const dom::element& v, const TypeTable& type, void* out) {
        FieldsRead fields;
        dom::object members;
        if (v.get_object().get(members) != simdjson::SUCCESS) {
            source_.value();
            fields.wrong.push_back(wrong_type("an object"));
            return fields;
        }
        std::uint64_t seen = 0;
        std::size_t likely = 0;
        source_.enter();
        for (const dom::key_value_pair pair : members) {
            source_.value();
            const auto number = find_field(type.fields, pair.key, likely);
            if (number == type.fields.size() || type.fields[number].type->kind == Kind::others) {
                other(pair, type, out, fields);
                continue;
            }
            const auto bit = std::uint64_t{1} << number;
            const FieldTable& field = type.fields[number];
            if (Failure failure = member(pair.value, number, *field.type, field.in(out), fields))
                fields.wrong.push_back(within(pair.key, *std::move(failure)));
            else
                fields.good |= bit;
            seen |= bit;
            likely = number + 1;
        }
        source_.leave();
        for (std::size_t i = 0; i < type.fields.size(); ++i)
            if ((seen >> i & 1) == 0 && !may_be_left_out(type.fields[i]))
                fields.wrong.push_back(missing(type.fields[i]));
        return fields;
    }

    std::vector<FieldsRead> items(dom::array array, const TypeTable& list, void* out) {
        std::vector<FieldsRead> items;
        source_.enter();
        for (const dom::element item : array) {
            if (items_ > most_items) {
                source_.value();
                continue;
            }
            ++items_;
            items.push_back(object(item, *list.inner, list.add(out)));
        }
        source_.leave();
        return items;
    }

  private:
    Failure member(const dom::element& v, std::size_t number, const TypeTable& type, void* out,
                   FieldsRead& fields) {
        dom::array array;
        if (is_list_of_structs(type) && v.get_array().get(array) == simdjson::SUCCESS) {
            fields.lists.push_back({number, items(array, type, out)});
            if (items_ > most_items)
                return JsonError{
                    "out_of_range", "",
                    fmt::format("holds more than the {} items that a body may hold", most_items)};
            return {};
        }
        if (type.kind == Kind::optional && (!v.is_null() || type.inner->kind == Kind::any))
            return member(v, number, *type.inner, type.add(out), fields);
        const auto text = source_.value();
        if (type.kind != Kind::any) return read_value(v, type, out, reading_);
        static_cast<JsonText*>(out)->text = text;
        return {};
    }

    void other(const dom::key_value_pair& pair, const TypeTable& type, void* out,
               FieldsRead& fields) {
        source_.value();
        const auto number = find_others(type.fields);
        if (number == type.fields.size()) {
            fields.unknown.emplace_back(pair.key);
            return;
        }
        const FieldTable& field = type.fields[number];
        void* const value = field.type->add_named(field.in(out), pair.key);
        if (Failure failure = read_value(pair.value, *field.type->inner, value, reading_))
            fields.others.push_back(within(path_step(pair.key), *std::move(failure)));
    }

    Source source_;
    Reading reading_;
    std::size_t items_ = 0;
};

}  // namespace

std::expected<FieldsRead, JsonError> read_fields(std::string_view text, const TypeTable& type,
                                                 void* value, Reading reading) {
    const auto document = parse_document(text);
    if (!document) return std::unexpected(document.error());
    if (!document->is_object()) return std::unexpected(wrong_type("an object"));
    return BodyReader{text, reading}.object(*document, type, value);
}

std::expected<std::vector<FieldsRead>, JsonError> read_items(std::string_view text,
                                                             const TypeTable& list, void* value,
                                                             Reading reading) {
    const auto document = parse_document(text);
    if (!document) return std::unexpected(document.error());
    dom::array array;
    if (document->get_array().get(array) != simdjson::SUCCESS)
        return std::unexpected(wrong_type("an array"));
    return BodyReader{text, reading}.items(array, list, value);
}

}  // namespace yeyak::json_detail
