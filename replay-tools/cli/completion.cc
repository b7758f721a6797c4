// Completion scripts, made from the tree of commands and options, so that they cannot fall behind
// it. All three shells complete from the same list: for every command path its words, and for every
// option what its value may be.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "replay-tools/cli/cli.h"
#include "replay-tools/cli/values.h"
#include "replay-tools/exit_code.h"

namespace yeyak::tools {
namespace {

struct Value {
    std::string option;                // "--data"
    bool folder = false;               // a folder's name
    bool file = false;                 // a file's name
    std::vector<std::string> choices;  // empty: anything
};

struct Node {
    std::string path;  // "yeyak audit verify"
    std::vector<std::string> commands;
    std::vector<std::string> options;
    std::vector<Value> values;  // of the options that take one
};

// "TEXT:{a,b}" -> a, b.
std::vector<std::string> choices_of(const std::string& type) {
    const auto open = type.find('{');
    const auto close = type.rfind('}');
    if (open == std::string::npos || close == std::string::npos) return {};
    return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

void add_options(const CLI::App& app, Node& node) {
    for (const CLI::Option* option : app.get_options()) {
        const auto type = option->get_type_name();
        std::vector<std::string> names;
        for (const auto& name : option->get_lnames()) names.push_back("--" + name);
        for (const auto& name : option->get_snames()) names.push_back("-" + name);
        if (names.empty())  // a positional: its choices are words of the command
            for (auto& choice : choices_of(type)) node.commands.push_back(std::move(choice));
        for (const auto& name : names) {
            node.options.push_back(name);
            if (option->get_type_size_max() == 0) continue;  // a flag
            node.values.push_back(
                {name, type.starts_with("DIR"), type.starts_with("FILE"), choices_of(type)});
        }
    }
}

void collect(const CLI::App& app, const std::string& path, std::vector<Node>& nodes) {
    Node node;
    node.path = path;
    add_options(app, node);
    std::vector<const CLI::App*> commands;
    for (const CLI::App* inner : app.get_subcommands([](const CLI::App*) { return true; })) {
        if (inner->get_name().empty()) {  // a group of options
            add_options(*inner, node);
            continue;
        }
        node.commands.push_back(inner->get_name());
        commands.push_back(inner);
    }
    nodes.push_back(std::move(node));
    for (const auto* command : commands) collect(*command, path + " " + command->get_name(), nodes);
}

std::string words(const std::vector<std::string>& list) {
    return fmt::format("{}", fmt::join(list, " "));
}

// Bash and, through bashcompinit, zsh.
std::string bash_script(const std::vector<Node>& nodes) {
    std::string paths;
    std::string values;
    std::string lists;
    for (const auto& node : nodes) {
        paths += fmt::format("{}'{}'", paths.empty() ? "" : "|", node.path);
        lists += fmt::format("    '{}') words='{} {}' ;;\n", node.path, words(node.commands),
                             words(node.options));
        for (const auto& value : node.values) {
            const auto action = value.folder ? "COMPREPLY=($(compgen -d -- \"$cur\"))"
                                : value.file ? "COMPREPLY=($(compgen -f -- \"$cur\"))"
                                : value.choices.empty()
                                    ? std::string{":"}
                                    : fmt::format("COMPREPLY=($(compgen -W '{}' -- \"$cur\"))",
                                                  words(value.choices));
            values += fmt::format("    '{} {}') {}; return ;;\n", node.path, value.option, action);
        }
    }
    return fmt::format(R"(_yeyak() {{
  local cur prev path word words i
  cur="${{COMP_WORDS[COMP_CWORD]}}"
  prev="${{COMP_WORDS[COMP_CWORD-1]}}"
  path=yeyak
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="${{COMP_WORDS[i]}}"
    case "$path $word" in
    {}) path="$path $word" ;;
    esac
  done
  case "$path $prev" in
{}  esac
  case "$path" in
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}}
complete -o filenames -F _yeyak yeyak
)",
                       paths, values, lists);
}

std::string fish_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

std::string fish_script(const std::vector<Node>& nodes) {
    std::string out =
        "function __yeyak_at\n"
        "  set -l path\n"
        "  for word in (commandline -opc)\n"
        "    string match -q -- '-*' $word; or set -a path $word\n"
        "  end\n"
        "  set path[1] yeyak\n"
        "  set -l want (string split ' ' -- $argv[1])\n"
        "  test \"$path[1..(count $want)]\" = \"$argv[1]\"\n"
        "end\n"
        "complete -c yeyak -f\n";
    for (const auto& node : nodes) {
        const auto when = fmt::format("complete -c yeyak -n \"__yeyak_at '{}'\"", node.path);
        for (const auto& command : node.commands) out += fmt::format("{} -a {}\n", when, command);
        for (const auto& option : node.options) {
            const bool long_name = option.starts_with("--");
            const auto value = std::ranges::find(node.values, option, &Value::option);
            out += fmt::format("{} {} {}", when, long_name ? "-l" : "-s",
                               option.substr(long_name ? 2 : 1));
            if (value != node.values.end())
                out += value->folder            ? " -r -a '(__fish_complete_directories)'"
                       : value->file            ? " -r -F"
                       : value->choices.empty() ? " -x"
                                                : " -x -a " + fish_quoted(words(value->choices));
            out += '\n';
        }
    }
    return out;
}

}  // namespace

std::string completion_script(const CLI::App& app, std::string_view shell) {
    std::vector<Node> nodes;
    collect(app, "yeyak", nodes);
    if (shell == "fish") return fish_script(nodes);
    if (shell == "bash") return bash_script(nodes);
    return "#compdef yeyak\nautoload -U +X bashcompinit && bashcompinit\n" + bash_script(nodes);
}

void add_completion(CLI::App& app, Action& action) {
    auto* command =
        app.add_subcommand("completion", "Print a script that completes yeyak commands");
    auto shell = std::make_shared<std::string>();
    command->add_option("shell", *shell, "The shell")
        ->required()
        ->check(one_of({"bash", "zsh", "fish"}));
    command->footer(
        footer("  source <(yeyak completion bash)      in ~/.bashrc\n"
               "  source <(yeyak completion zsh)       in ~/.zshrc\n"
               "  yeyak completion fish | source       in config.fish\n"));
    command->callback([&app, &action, shell] {
        action = [&app, shell] {
            fmt::print("{}", completion_script(app, *shell));
            return to_int(ExitCode::ok);
        };
    });
}

}  // namespace yeyak::tools
