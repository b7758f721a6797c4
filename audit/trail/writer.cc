#include "audit/trail/writer.h"

namespace yeyak::trail {

std::optional<Format> parse_format(std::string_view name) {
    for (std::size_t i = 0; i < std::size(formats); ++i)
        if (formats[i] == name) return static_cast<Format>(i);
    return std::nullopt;
}

std::string_view media_type(Format format) {
    switch (format) {
        case Format::table:
            return "text/plain; charset=utf-8";
        case Format::csv:
            return "text/csv; charset=utf-8; header=present";
        case Format::html:
            return "text/html; charset=utf-8";
        default:
            return "application/json";
    }
}

std::unique_ptr<Writer> make_writer(Format format, std::optional<std::size_t> columns) {
    switch (format) {
        case Format::table:
            return table_writer(columns);
        case Format::csv:
            return csv_writer();
        case Format::html:
            return html_writer();
        default:
            return json_writer();
    }
}

}  // namespace yeyak::trail
