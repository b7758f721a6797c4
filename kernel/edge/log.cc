// The two line formats, the escaping they share, and the hand-over to spdlog, which writes each
// line whole under one lock. spdlog is included here only: it takes seconds to compile.
#include "kernel/edge/log.h"

#include <fmt/format.h>
#include <spdlog/details/console_globals.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "kernel/utf8.h"

namespace yeyak::log {
namespace {

using Out = std::back_insert_iterator<std::string>;
using StreamSink = spdlog::sinks::stdout_sink_base<spdlog::details::console_mutex>;

struct Writer {
    spdlog::logger out;
    Clock clock;
    Level level;
    bool json;
};

std::unique_ptr<Writer> writer;

constexpr std::array<std::string_view, 4> level_names = {"debug", "info", "warning", "error"};
constexpr std::array<spdlog::level::level_enum, 4> spdlog_levels = {
    spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};

// Characters that move the cursor, end a line or turn the direction of the text around.
bool is_unsafe(char32_t c) {
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff ||
           c == 0xfffd;
}

void append_escaped(Out out, std::string_view text) {
    while (!text.empty()) {
        // A byte that is no UTF-8 is shown as U+FFFD.
        const auto c = first_character(text).value_or(Character{U'\uFFFD', 1});
        if (c.code == '"' || c.code == '\\') {
            fmt::format_to(out, "\\{}", static_cast<char>(c.code));
        } else if (c.code == '\n') {
            fmt::format_to(out, "\\n");
        } else if (is_unsafe(c.code)) {
            fmt::format_to(out, "\\u{:04x}", static_cast<std::uint32_t>(c.code));
        } else {
            fmt::format_to(out, "{}", text.substr(0, c.bytes));
        }
        text.remove_prefix(c.bytes);
    }
}

void append_quoted(Out out, std::string_view text) {
    const bool cut = text.size() > max_value_bytes;
    if (cut) {
        std::size_t end = max_value_bytes;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
        text = text.substr(0, end);
    }
    *out = '"';
    append_escaped(out, text);
    if (cut) fmt::format_to(out, "...");
    *out = '"';
}

struct AppendValue {
    Out out;
    void operator()(std::string_view text) const { append_quoted(out, text); }
    void operator()(std::int64_t number) const { fmt::format_to(out, "{}", number); }
    void operator()(std::uint64_t number) const { fmt::format_to(out, "{}", number); }
    void operator()(bool yes) const { fmt::format_to(out, "{}", yes); }
    void operator()(double number) const {
        // JSON has no word for what is not a number.
        if (std::isfinite(number)) {
            fmt::format_to(out, "{}", number);
        } else {
            fmt::format_to(out, "null");
        }
    }
};

void append_json(Out out, std::string_view level, Name event, Fields fields,
                 std::string_view correlation_id) {
    fmt::format_to(out, R"({{"ts":"{}","level":"{}","event":"{}")", to_text(writer->clock()), level,
                   event.text());
    if (!correlation_id.empty()) {
        fmt::format_to(out, R"(,"correlation_id":)");
        append_quoted(out, correlation_id);
    }
    for (const Field& field : fields) {
        fmt::format_to(out, R"(,"{}":)", field.name.text());
        std::visit(AppendValue{out}, field.value);
    }
    *out = '}';
}

void append_plain(Out out, std::string_view level, Name event, Fields fields,
                  std::string_view correlation_id) {
    fmt::format_to(out, "{} {:7} {}", to_text(writer->clock()), level, event.text());
    for (const Field& field : fields) {
        fmt::format_to(out, " {}=", field.name.text());
        std::visit(AppendValue{out}, field.value);
    }
    if (!correlation_id.empty()) {
        fmt::format_to(out, " correlation_id=");
        append_quoted(out, correlation_id);
    }
}

}  // namespace

void start(Options options) {
    const bool terminal = ::isatty(::fileno(options.stream)) == 1;
    const bool json =
        options.format == Format::json || (options.format == Format::automatic && !terminal);
    spdlog::logger out("yeyak", std::make_shared<StreamSink>(options.stream));
    out.set_level(spdlog::level::trace);
    out.set_pattern("%v");
    writer =
        std::make_unique<Writer>(std::move(out), std::move(options.clock), options.level, json);
}

void write(Level level, Name event, Fields fields, std::string_view correlation_id) {
    if (!writer || level < writer->level) return;
    const auto index = static_cast<std::size_t>(level);
    std::string line;
    const auto append = writer->json ? append_json : append_plain;
    append(std::back_inserter(line), level_names[index], event, fields, correlation_id);
    writer->out.log(spdlog_levels[index], line);
}

}  // namespace yeyak::log
