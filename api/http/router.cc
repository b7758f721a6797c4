#include "api/http/router.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>

#include "api/http/negotiation.h"
#include "api/http/problem.h"
#include "kernel/ensure.h"
#include "kernel/percent.h"
#include "kernel/text.h"
#include "kernel/utf8.h"

namespace yeyak::http {

constexpr std::size_t method_count = static_cast<std::size_t>(Method::options) + 1;

// One segment of the patterns. Children are sorted by their literal.
struct Router::Node {
    std::string literal;
    std::vector<std::unique_ptr<Node>> children;
    std::unique_ptr<Node> parameter;

    std::array<const Route*, method_count> by_method{};
    std::string_view pattern;  // of the first route that ends here; empty when none does
    std::string allow;

    const Route* find(Method method) const {
        const Route* route = by_method[static_cast<std::size_t>(method)];
        if (route == nullptr && method == Method::head)
            route = by_method[static_cast<std::size_t>(Method::get)];
        return route;
    }
    const Node* child(std::string_view segment) const {
        const auto at = std::ranges::lower_bound(children, segment, {}, &Node::name);
        return at != children.end() && (*at)->literal == segment ? at->get() : nullptr;
    }
    Node& make_child(std::string_view segment) {
        const auto at = std::ranges::lower_bound(children, segment, {}, &Node::name);
        if (at != children.end() && (*at)->literal == segment) return **at;
        auto node = std::make_unique<Node>();
        node->literal = segment;
        return **children.insert(at, std::move(node));
    }
    static std::string_view name(const std::unique_ptr<Node>& node) { return node->literal; }
};

namespace {

// The segments of "/a/b" are a and b; of "/a/", a and an empty one.
std::string_view pop_segment(std::string_view& path) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

bool is_parameter(std::string_view segment) {
    return segment.starts_with('{') && segment.ends_with('}');
}

std::string_view parameter_name(std::string_view segment) {
    return segment.substr(1, segment.size() - 2);
}

std::string check_pattern(std::string_view pattern) {
    if (!pattern.starts_with('/')) return "must begin with /";
    std::vector<std::string_view> names;
    while (!pattern.empty()) {
        const std::string_view segment = pop_segment(pattern);
        if (!is_parameter(segment)) {
            if (segment.find_first_of("{}?#%") != std::string_view::npos)
                return fmt::format("'{}' is neither a literal nor a parameter", segment);
            continue;
        }
        const std::string_view name = parameter_name(segment);
        if (name.empty() || name.find_first_of("{}") != std::string_view::npos)
            return "a parameter has no proper name";
        if (std::ranges::find(names, name) != names.end())
            return fmt::format("names the parameter {} twice", name);
        names.push_back(name);
    }
    return {};
}

// How two patterns stand to each other.
struct Overlap {
    bool same_path = true;    // some path matches both
    bool a_narrower = false;  // at some segment, a is a literal where b is a parameter
    bool b_narrower = false;
};

Overlap compare(std::string_view a, std::string_view b) {
    Overlap overlap;
    while (!a.empty() && !b.empty()) {
        const std::string_view x = pop_segment(a);
        const std::string_view y = pop_segment(b);
        if (is_parameter(x) != is_parameter(y))
            (is_parameter(x) ? overlap.b_narrower : overlap.a_narrower) = true;
        // A parameter never matches an empty segment.
        const bool both = is_parameter(x) ? !y.empty() : is_parameter(y) ? !x.empty() : x == y;
        overlap.same_path = overlap.same_path && both;
    }
    overlap.same_path = overlap.same_path && a.empty() && b.empty();
    return overlap;
}

std::string allow_list(const std::array<bool, method_count>& methods) {
    std::string list;
    for (std::size_t i = 0; i < method_count; ++i) {
        if (!methods[i]) continue;
        if (!list.empty()) list += ", ";
        list += to_string(static_cast<Method>(i));
    }
    return list;
}

void note_allowed(std::array<bool, method_count>& methods, Method method) {
    methods[static_cast<std::size_t>(method)] = true;
    methods[static_cast<std::size_t>(Method::options)] = true;
    if (method == Method::get) methods[static_cast<std::size_t>(Method::head)] = true;
}

std::optional<Response> refuse_types(const RouteDoc& doc, Request& request) {
    const auto preferred = preferred_type(request.headers, doc.produces);
    if (!preferred) {
        return problem(406, "not_acceptable",
                       fmt::format("the answer can be {}", fmt::join(doc.produces, ", ")),
                       "Accept");
    }
    request.preferred_type = *preferred;
    // A page of another site can send a form, or text, or bytes without a type; not JSON.
    const auto content_type = request.headers.find("Content-Type");
    if (request.body.empty()) return std::nullopt;
    const std::string_view type = media_type(content_type.value_or(""));
    const std::vector<std::string> accepted =
        doc.accepts.empty() ? std::vector<std::string>{"application/json"} : doc.accepts;
    const auto fits = [&](const std::string& each) {
        return each == "*/*" || same_name(each, type);
    };
    if (std::ranges::any_of(accepted, fits)) return std::nullopt;
    const bool any = !doc.any_type_with.empty() && request.headers.contains(doc.any_type_with);
    if (any && content_type) return std::nullopt;
    std::string detail = fmt::format(
        "{}, but must be {}",
        content_type ? fmt::format("the body is {}", type) : "the body has no Content-Type",
        fmt::join(accepted, " or "));
    if (!content_type || same_name(type, "application/x-www-form-urlencoded"))
        detail += "; with curl -d, add -H 'Content-Type: " + accepted.front() + "'";
    return problem(415, "unsupported_media_type", detail, "Content-Type");
}

bool is_named(const RouteDoc& doc, std::string_view field) {
    return std::ranges::any_of(doc.parameters, [&](const ParameterDoc& parameter) {
        return parameter.in == "header" && same_name(parameter.name, field);
    });
}

// A condition that nobody looks at would be taken for one that holds. Safe methods look at entity
// tags (entity_tag.h), a command at what its description names.
std::optional<Response> refuse_conditions(const RouteDoc& doc, const Request& request) {
    const bool reads = request.method == Method::get || request.method == Method::head;
    for (const std::string_view field : {"Expected-Version", "If-Match", "If-None-Match"}) {
        if (!request.headers.contains(field) || is_named(doc, field)) continue;
        if (reads && field != "Expected-Version") continue;
        return problem(400, "precondition_not_supported",
                       fmt::format("{} is not looked at here; send the request without it", field),
                       field);
    }
    return std::nullopt;
}

Response allow_answer(std::string_view allow) {
    Response response = no_content();
    response.headers.add("Allow", allow);
    return response;
}

}  // namespace

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

std::string Router::conflict(const Route& route) const {
    if (!route.handler) return route.pattern + " has no handler";
    if (std::string why = check_pattern(route.pattern); !why.empty())
        return route.pattern + ": " + why;
    for (const Route& other : routes_) {
        const Overlap overlap = compare(route.pattern, other.pattern);
        if (!overlap.same_path || overlap.a_narrower != overlap.b_narrower) continue;
        if (overlap.a_narrower)
            return fmt::format("{} and {} match the same path, neither more closely", route.pattern,
                               other.pattern);
        if (route.method == other.method)
            return fmt::format("{} {} is there already, as {}", to_string(route.method),
                               route.pattern, other.pattern);
    }
    return {};
}

void Router::add(Route route) {
    const std::string why = conflict(route);
    ensure(why.empty(), why.c_str());
    const Route& kept = routes_.emplace_back(std::move(route));
    Node* node = root_.get();
    for (std::string_view path = kept.pattern; !path.empty();) {
        const std::string_view segment = pop_segment(path);
        if (is_parameter(segment)) {
            if (!node->parameter) node->parameter = std::make_unique<Node>();
            node = node->parameter.get();
        } else {
            node = &node->make_child(segment);
        }
    }
    node->by_method[static_cast<std::size_t>(kept.method)] = &kept;
    if (node->pattern.empty()) node->pattern = kept.pattern;
    std::array<bool, method_count> methods{};
    for (const Route* one : node->by_method)
        if (one != nullptr) note_allowed(methods, one->method);
    node->allow = allow_list(methods);
}

const Router::Node* Router::match(const Node& node, std::string_view path, Segments& values) {
    if (path.empty()) return node.pattern.empty() ? nullptr : &node;
    const std::string_view segment = pop_segment(path);
    if (const Node* literal = node.child(segment))
        if (const Node* found = match(*literal, path, values)) return found;
    if (!node.parameter || segment.empty()) return nullptr;
    values.push_back(segment);
    if (const Node* found = match(*node.parameter, path, values)) return found;
    values.pop_back();
    return nullptr;
}

Router::Resolution Router::resolve(Request& request) const {
    Resolution result;
    request.path_parameters.clear();
    if (request.target == "*") {
        result.answer = allow_answer(allowed_anywhere());
        return result;
    }
    Segments values;
    const std::string_view path = request.raw_path();
    const Node* node = path.starts_with('/') ? match(*root_, path, values) : nullptr;
    if (node == nullptr) return refuse_path(request);
    result.pattern = node->pattern;
    const Route* route = node->find(request.method);
    if (route == nullptr && request.method == Method::options) {
        result.answer = allow_answer(node->allow);
        return result;
    }
    if (route == nullptr) {
        result.answer = problem(405, "method_not_allowed",
                                fmt::format("{} takes {}", node->pattern, node->allow));
        result.answer->headers.add("Allow", node->allow);
        return result;
    }
    result.route = route;
    result.pattern = route->pattern;
    std::size_t next = 0;
    for (std::string_view rest = route->pattern; !rest.empty();) {
        const std::string_view segment = pop_segment(rest);
        if (!is_parameter(segment)) continue;
        auto value = percent_decode(values[next++]);
        if (!value) {
            result.answer = problem(400, "bad_escape", "a % in the path is not an escape",
                                    parameter_name(segment));
            return result;
        }
        if (!is_utf8(*value)) {
            result.answer = problem(422, "bad_utf8", "a part of the path is not UTF-8",
                                    parameter_name(segment));
            return result;
        }
        request.path_parameters.add(std::string{parameter_name(segment)}, std::move(*value));
    }
    result.answer = refuse_types(route->doc, request);
    if (!result.answer) result.answer = refuse_conditions(route->doc, request);
    return result;
}

Router::Resolution Router::refuse_path(const Request& request) const {
    std::string detail = fmt::format("there is nothing at {}", request.raw_path());
    std::string_view shorter = request.raw_path();
    while (shorter.size() > 1 && shorter.ends_with('/')) shorter.remove_suffix(1);
    Segments values;
    if (shorter != request.raw_path() && match(*root_, shorter, values) != nullptr)
        detail += fmt::format("; without the slash at its end, {} is known", shorter);
    else if (const auto elsewhere = known_below(shorter); !elsewhere.empty())
        detail += fmt::format("; did you mean {}?", alternatives(elsewhere));
    Resolution result;
    result.answer = problem(404, "not_found", detail);
    return result;
}

// The paths of which only the first segment is missing: what is served below a prefix, asked for
// without it. A parameter is no such path, it would take any.
std::vector<std::string> Router::known_below(std::string_view path) const {
    std::vector<std::string> known;
    if (!path.starts_with('/')) return known;
    std::string_view rest = path;
    const std::string_view first = pop_segment(rest);
    for (const auto& node : root_->children) {
        Segments values;
        if (node->child(first) != nullptr && match(*node, path, values) != nullptr)
            known.push_back(fmt::format("/{}{}", node->literal, path));
    }
    return known;
}

std::string Router::allowed_anywhere() const {
    std::array<bool, method_count> methods{};
    for (const Route& route : routes_) note_allowed(methods, route.method);
    return allow_list(methods);
}

boost::asio::awaitable<Response> Router::run(const Route& route, Request& request,
                                             const ErrorCallback& on_error) {
    std::string what;
    try {
        co_return co_await route.handler(request);
    } catch (const std::exception& e) {
        what = e.what();
    } catch (...) {
        what = "an exception of unknown type";
    }
    if (on_error) on_error(request, what);
    co_return problem(500, "internal_error", "the server failed; the failure is logged");
}

boost::asio::awaitable<Response> Router::dispatch(Request& request, ErrorCallback on_error) const {
    Resolution found = resolve(request);
    if (found.answer) co_return std::move(*found.answer);
    co_return co_await run(*found.route, request, on_error);
}

}  // namespace yeyak::http
