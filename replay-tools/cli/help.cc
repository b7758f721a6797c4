#include "replay-tools/cli/help.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>

#include "replay-tools/terminal/text.h"

namespace yeyak::tools {
namespace {

constexpr std::size_t names_end = 30;  // where the second column begins
constexpr std::size_t narrow = 70;     // below, what a name means stands under it
constexpr std::size_t narrow_indent = 6;
constexpr std::size_t comment_gap = 3;  // blanks between an example and what it is for

// --- options and commands ------------------------------------------------------------------------

std::string row(std::string_view name, std::string_view meaning, std::size_t columns) {
    const auto indent = columns < narrow ? narrow_indent : names_end;
    std::string out = fmt::format("  {}", name);
    if (columns < narrow || display_width(out) + 2 > indent)
        out += '\n' + std::string(indent, ' ');
    else
        out.append(indent - display_width(out), ' ');
    return out + indented(meaning, indent, columns) + '\n';
}

// "NUMBER:from 1 to 64" -> NUMBER, "from 1 to 64".
std::pair<std::string, std::string> kind_of(const CLI::Option& option) {
    const auto type = option.get_type_name();
    const auto colon = type.find(':');
    auto kind = type.substr(0, colon);
    if (kind == "INT" || kind == "UINT" || kind == "FLOAT") kind = "NUMBER";
    std::string allowed = colon == std::string::npos ? "" : type.substr(colon + 1);
    if (allowed.starts_with('{')) {
        allowed = alternatives(CLI::detail::split(allowed.substr(1, allowed.size() - 2), ','));
    }
    return {std::move(kind), std::move(allowed)};
}

std::string names_of(const std::set<CLI::Option*>& options) {
    std::vector<std::string> names;
    for (const auto* option : options) names.push_back(option->get_name());
    std::ranges::sort(names);
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string meaning_of(const CLI::Option& option, const std::string& allowed) {
    std::vector<std::string> details;
    if (!allowed.empty()) details.push_back(allowed);
    if (option.get_required()) details.emplace_back("required");
    if (!option.get_default_str().empty()) details.push_back("default " + option.get_default_str());
    if (!option.get_needs().empty()) details.push_back("with " + names_of(option.get_needs()));
    if (!option.get_excludes().empty())
        details.push_back("not with " + names_of(option.get_excludes()));
    if (details.empty()) return option.get_description();
    return fmt::format("{} ({})", option.get_description(), fmt::join(details, "; "));
}

std::string row_of(const CLI::Option& option, std::size_t columns) {
    auto name = option.get_name(option.get_positional(), !option.get_positional());
    const bool takes_value = option.get_type_size_max() != 0;
    const auto [kind, allowed] = kind_of(option);
    if (takes_value && !option.get_positional() && !kind.empty()) name += ' ' + kind;
    return row(name, meaning_of(option, takes_value ? allowed : ""), columns);
}

std::string rows_of(const std::vector<const CLI::Option*>& options, std::string_view title,
                    std::size_t columns) {
    if (options.empty()) return {};
    std::string out = fmt::format("\n{}:\n", title);
    for (const auto* option : options) out += row_of(*option, columns);
    return out;
}

std::string options_of(const CLI::App& app, std::size_t columns) {
    auto out = rows_of(app.get_options([](const CLI::Option* o) { return o->get_positional(); }),
                       "Arguments", columns);
    for (const CLI::App* group :
         app.get_subcommands([](const CLI::App* sub) { return sub->get_name().empty(); }))
        out += rows_of(
            group->get_options([&](const CLI::Option* o) { return o != group->get_help_ptr(); }),
            group->get_description() +
                (group->get_require_option_min() == 1 ? ", one of these" : ""),
            columns);
    for (const auto& name : app.get_groups())
        out += rows_of(app.get_options([&](const CLI::Option* o) {
            return o->get_group() == name && o->nonpositional();
        }),
                       name, columns);
    return out;
}

std::string commands_of(const CLI::App& app, std::size_t columns) {
    std::string out;
    for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
        if (!sub->get_name().empty()) out += row(sub->get_name(), sub->get_description(), columns);
    return out.empty() ? out : "\nCommands:\n" + out;
}

std::string usage_of(const CLI::App& app, const std::string& name, std::size_t columns) {
    std::string out = "Usage: " + name + " [OPTIONS]";
    for (const auto* option :
         app.get_options([](const CLI::Option* o) { return o->get_positional(); }))
        out += ' ' + option->get_name(true, false);
    const auto commands =
        app.get_subcommands([](const CLI::App* sub) { return !sub->get_name().empty(); });
    if (!commands.empty()) out += app.get_require_subcommand_min() == 0 ? " [COMMAND]" : " COMMAND";
    return indented(out, 7, columns);
}

// --- what stands below ---------------------------------------------------------------------------

// The words of a command as a shell takes them, each with the blanks before it. What is quoted
// stays together.
std::vector<std::string> shell_words(std::string_view line) {
    std::vector<std::string> words;
    bool quoted = false;
    bool blank = true;
    for (const char c : line) {
        if (c == '\'') quoted = !quoted;
        const bool begins = c == ' ' && !quoted && !blank;
        if (words.empty() || begins) words.emplace_back();
        blank = c == ' ' && !quoted;
        words.back() += c;
    }
    return words;
}

// An option and what stands behind it are not torn apart.
std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    bool takes_next = false;
    for (auto& word : shell_words(line)) {
        const auto bare = std::min(word.find_first_not_of(' '), word.size());
        const bool option = word.compare(bare, 2, "--") == 0;
        const bool value = bare < word.size() && word[bare] != '-' && word[bare] != '|' &&
                           word[bare] != '>' && bare < comment_gap;
        if (takes_next && value)
            words.back() += word;
        else
            words.push_back(std::move(word));
        takes_next = option;
    }
    return words;
}

// Longer than the line: goes on in the next one as a shell takes it, what it is for below.
std::string command_text(std::string_view line, std::size_t columns) {
    constexpr std::string_view goes_on = "\n      ";
    std::string out;
    std::size_t width = 0;
    for (const auto& word : words_of(line)) {
        const auto bare = word.find_first_not_of(' ');
        if (bare == std::string::npos) continue;
        const bool comment = !out.empty() && bare >= comment_gap;
        if (!out.empty() && (comment || width + display_width(word) + 2 > columns)) {
            out += (comment ? "" : " \\") + std::string{goes_on} + word.substr(bare);
            width = goes_on.size() - 1 + display_width(word.substr(bare));
        } else {
            out += word;
            width += display_width(word);
        }
    }
    return out;
}

std::string footer_of(const std::string& footer, std::size_t columns) {
    std::string out;
    for (const auto& line : CLI::detail::split(footer, '\n')) {
        const auto blanks = std::min(line.find_first_not_of(' '), line.size());
        const auto text = std::string_view{line}.substr(blanks);
        if (display_width(line) <= columns)
            out += line;
        else if (text.starts_with("yeyak ") || text.starts_with("source "))
            out += command_text(line, columns);
        else
            out += std::string(blanks, ' ') + indented(text, blanks == 0 ? 0 : blanks + 5, columns);
        out += '\n';
    }
    return out;
}

}  // namespace

std::string Help::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode) const {
    const auto columns = text_columns();
    return indented(app->get_description(), 0, columns) + '\n' + usage_of(*app, name, columns) +
           '\n' + options_of(*app, columns) + commands_of(*app, columns) + '\n' +
           footer_of(app->get_footer(), columns);
}

}  // namespace yeyak::tools
