// A report to be printed or kept: one file, no script, nothing loaded from elsewhere. The page of
// paper is A4; browsers that know page margin boxes (CSS Paged Media) number the pages.
#include <fmt/format.h>

#include "audit/trail/writer.h"
#include "eventstore/hash.h"
#include "kernel/text.h"

namespace yeyak::trail {
namespace {

constexpr std::string_view head = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Yeyak: audit trail</title>
<style>
:root { color-scheme: light dark;
  --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0; --band: #f6f8fa; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --band: #151b23; }
}
body { margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: var(--ink);
  font: 0.875rem/1.45 "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", "Apple SD Gothic Neo",
  system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
h1 small, dt small, th small { font-weight: normal; color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1.25rem;
  margin: 0 0 1.5rem; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
col.position { width: 6%; } col.when { width: 15%; } col.who { width: 12%; }
col.what { width: 31%; } col.why { width: 22%; } col.proof { width: 14%; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.5rem; overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid var(--ink); }
td { border-bottom: 1px solid var(--line); }
tbody tr:nth-child(even) { background: var(--band); }
td p { margin: 0; } td p + p { margin-top: 0.15rem; }
.soft { color: var(--soft); }
code, pre { font: 0.75rem/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }
pre { background: var(--band); border: 1px solid var(--line); padding: 0.6rem; margin: 0;
  white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin-top: 1.5rem; color: var(--soft); }
@page { size: A4; margin: 14mm 12mm 16mm;
  @bottom-left { content: "Yeyak, audit trail (감사 추적)"; font-size: 8pt; }
  @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; } }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --band: #fff; }
  body { margin: 0; max-width: none; padding: 0; font-size: 8.5pt; }
  thead { display: table-header-group; }
  tr, pre, dl { break-inside: avoid; }
  code, pre { font-size: 7pt; }
}
</style>
</head>
<body>
)html";

constexpr std::string_view columns_head = R"html(<table>
<colgroup>
<col class="position"><col class="when"><col class="who">
<col class="what"><col class="why"><col class="proof">
</colgroup>
)html";

constexpr std::pair<std::string_view, std::string_view> columns[] = {
    {"No.", "위치"},    {"When", "언제"}, {"Who, from where", "누가, 어디서"},
    {"What", "무엇을"}, {"Why", "왜"},    {"Proof", "증명"}};

std::string in_both(std::string_view english, std::string_view korean) {
    return fmt::format("{} <small lang=\"ko\">{}</small>", english, korean);
}

// Whoever wrote it, it cannot change the direction of what stands around it.
std::string isolated(std::string_view text) { return "<bdi>" + html_text(text) + "</bdi>"; }

std::string paragraph(std::string_view inner, std::string_view css = {}) {
    return css.empty() ? fmt::format("<p>{}</p>", inner)
                       : fmt::format("<p class=\"{}\">{}</p>", css, inner);
}

// "2026-11-20T20:28:30.123+09:00" on two lines, and the same in UTC.
std::string moment(Instant at) {
    const auto two_lines = [](std::string text) {
        const auto t = text.find('T');
        return text.replace(t, 1, "<br>");
    };
    return paragraph(two_lines(seoul_text(at))) + paragraph(two_lines(yeyak::to_text(at)), "soft");
}

class Html final : public Writer {
  public:
    std::string begin(const Heading& heading) override {
        next_after_ = heading.next_after;
        std::string out{head};
        out += fmt::format("<h1>{}</h1>\n", in_both("Audit trail", "감사 추적"));
        out += "<dl>\n";
        const auto filter = to_text(heading.query);
        add(out, "Shown", "보여 주는 것", isolated(filter.empty() ? "everything" : filter));
        add(out, "Events", "이벤트", std::to_string(heading.events));
        add(out, "Read by", "열람자", isolated(heading.reader));
        add(out, "Reason", "열람 사유", heading.reason.empty() ? "–" : isolated(heading.reason));
        add(out, "Read at", "열람 시각",
            fmt::format("{} <span class=\"soft\">({})</span>", seoul_text(heading.at),
                        yeyak::to_text(heading.at)));
        add(out, "Log up to event", "로그 위치", std::to_string(heading.head));
        add(out, "This reading is event", "이 열람의 기록", std::to_string(heading.recorded_as));
        add(out, "Checkpoint", "체크포인트",
            heading.checkpoint.empty()
                ? "none: this log is not signed"
                : fmt::format("<pre>{}</pre>", lines_of(heading.checkpoint)));
        out += "</dl>\n";
        out += columns_head;
        out += "<thead><tr>\n";
        for (const auto& [english, korean] : columns)
            out += fmt::format("<th scope=\"col\">{}</th>\n", in_both(english, korean));
        return out + "</tr></thead>\n<tbody>\n";
    }

    std::string entry(const Entry& entry) override {
        const auto& event = *entry.event;
        const auto& data = event.data;
        std::string what = paragraph("<strong>" + isolated(entry.what) + "</strong>");
        std::string details;
        for (const auto& [name, value] : entry.details)
            details += fmt::format("{}{}: {}", details.empty() ? "" : "; ", html_text(name),
                                   isolated(value));
        if (!details.empty()) what += paragraph(details);
        what += paragraph(fmt::format("<code>{}</code> {}", html_text(data.type),
                                      isolated(eventstore::id_of(event))),
                          "soft");
        std::string why;
        if (!entry.reason.empty())
            why += paragraph("<strong>" + isolated(entry.reason) + "</strong>");
        for (const auto& cause : short_chain(entry.because))
            why += paragraph("← " + isolated(cause), "soft");
        std::string who = paragraph(data.actor.empty() ? "nobody" : isolated(data.actor));
        if (!entry.from.empty()) who += paragraph(isolated(entry.from), "soft");
        return fmt::format(
            "<tr id=\"event-{0}\"><td>{0}</td><td>{1}</td><td>{2}</td><td>{3}</td><td>{4}</td>"
            "<td><code>{5}</code></td></tr>\n",
            event.position, moment(event.time), who, what, why, eventstore::to_hex(event.leaf));
    }

    std::string end() override {
        std::string out = "</tbody>\n</table>\n<footer>\n";
        if (next_after_)
            out +=
                paragraph(fmt::format("There is more after event {}. "
                                      "<span lang=\"ko\">이어지는 이벤트가 있습니다.</span>",
                                      *next_after_));
        out += paragraph(
            "The last column is the leaf hash of each event in the log's Merkle tree (RFC 9162); "
            "GET /audit/receipt?position=No. gives the proof that the event is in the log. "
            "<span lang=\"ko\">마지막 열은 머클 트리에서 각 이벤트의 잎 해시이며, 위치로 영수증을 "
            "요청하여 로그에 있음을 증명할 수 있습니다.</span>");
        return out + "</footer>\n</body>\n</html>\n";
    }

  private:
    static void add(std::string& out, std::string_view english, std::string_view korean,
                    std::string_view value) {
        out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", in_both(english, korean), value);
    }

    static std::string lines_of(std::string_view note) {
        std::string out;
        while (!note.empty()) {
            const auto end = std::min(note.find('\n'), note.size());
            out += html_text(note.substr(0, end)) + "\n";
            note.remove_prefix(std::min(end + 1, note.size()));
        }
        return out;
    }

    std::optional<Position> next_after_;
};

}  // namespace

std::unique_ptr<Writer> html_writer() { return std::make_unique<Html>(); }

}  // namespace yeyak::trail
