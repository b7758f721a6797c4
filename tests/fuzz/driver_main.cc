// Runs a fuzz target without libFuzzer: every file of the corpus folders, then a number of
// mutations of them that is the same in every run.
//
//   http_fuzz [--mutations N] folder...
//
// When the target fails, the input at fault is left in the file "crash-input".
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

constexpr std::size_t max_input = 64 * 1024;
const std::string* current_input = nullptr;

void save_input() {
    if (current_input == nullptr) return;
    const int file = open("crash-input", O_CREAT | O_WRONLY | O_TRUNC, 0644);
    if (file < 0) return;
    const auto written = write(file, current_input->data(), current_input->size());
    close(file);
    std::fprintf(stderr, "the input (%zd bytes) is in crash-input\n", written);
}

void on_abort(int) { save_input(); }  // abort() ends the process afterwards

void run(const std::string& input) {
    current_input = &input;
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    current_input = nullptr;
}

std::vector<std::string> read_corpus(const std::vector<std::string>& folders) {
    std::vector<std::filesystem::path> paths;
    for (const std::string& folder : folders)
        for (const auto& entry : std::filesystem::recursive_directory_iterator{folder})
            if (entry.is_regular_file()) paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<std::string> corpus;
    for (const auto& path : paths) {
        std::ifstream file{path, std::ios::binary};
        corpus.emplace_back(std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{});
    }
    return corpus;
}

class Mutator {
  public:
    explicit Mutator(const std::vector<std::string>& corpus) : corpus_(corpus) {}

    std::string next() {
        std::string input = pick();
        for (std::size_t rounds = 1 + below(6); rounds > 0; --rounds) mutate(input);
        if (input.size() > max_input) input.resize(max_input);
        return input;
    }

  private:
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }
    const std::string& pick() { return corpus_[below(corpus_.size())]; }

    void mutate(std::string& input) {
        const std::size_t at = below(input.size() + 1);
        const std::size_t length = std::min(below(16), input.size() - at);
        const std::string& other = pick();
        const std::size_t from = below(other.size() + 1);
        switch (below(7)) {
            case 0:
                if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
                break;
            case 1:
                if (at < input.size()) input[at] = static_cast<char>(random_());
                break;
            case 2:
                input.insert(at, 1, static_cast<char>(random_()));
                break;
            case 3:
                input.erase(at, length);
                break;
            case 4:
                input.insert(at, input.substr(at, length));
                break;
            case 5:
                input.insert(at, other.substr(from, below(32)));
                break;
            default:
                input = input.substr(0, at) + other.substr(from);
        }
    }

    const std::vector<std::string>& corpus_;
    std::mt19937_64 random_{20250101};
};

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> folders;
    unsigned long mutations = 0;
    for (int i = 1; i < argc; ++i) {
        if (std::string_view{argv[i]} == "--mutations" && i + 1 < argc)
            mutations = std::strtoul(argv[++i], nullptr, 10);
        else
            folders.emplace_back(argv[i]);
    }
    std::signal(SIGABRT, on_abort);
    if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(save_input);
    const std::vector<std::string> corpus = read_corpus(folders);
    if (corpus.empty()) {
        std::fprintf(stderr, "no seeds: name folders that hold some\n");
        return 2;
    }
    for (const std::string& input : corpus) run(input);
    Mutator mutator{corpus};
    for (unsigned long i = 0; i < mutations; ++i) run(mutator.next());
    std::printf("%zu seeds and %lu mutations: good\n", corpus.size(), mutations);
}
