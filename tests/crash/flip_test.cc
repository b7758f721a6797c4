// Flips bits of files at rest: opening refuses, or reading reports, or the answer is right. It is
// never wrong, and no acknowledged flush disappears in silence.
#include <gtest/gtest.h>

#include "tests/crash/workload.h"

namespace yeyak::crash {
namespace {

using simulation::SimFs;

struct Counts {
    std::size_t flips = 0, refused = 0, reported = 0, right = 0;
    std::map<std::string, std::size_t> files;
};

class BitFlip : public testing::Test {
  protected:
    void flip(const SimFs& original, const Script& script, const std::string& path,
              std::size_t byte, unsigned bit);

    Counts counts_;
    std::mt19937_64 random_{15};
};

void BitFlip::flip(const SimFs& original, const Script& script, const std::string& path,
                   std::size_t byte, unsigned bit) {
    ++counts_.flips;
    auto disk = original.copy();
    std::string& bytes = *disk->bytes(path);
    bytes[byte] = static_cast<char>(bytes[byte] ^ (1 << bit));
    const auto size = bytes.size();
    Machine machine{disk};
    if (!machine.open()) {
        ++counts_.refused;
        ++counts_.files[path.substr(0, path.find_first_of("0123456789"))];
        return;
    }
    const auto all = script.flushes.size();
    const auto found = audit(*machine.store(), script, all, all);
    EXPECT_NE(found.kind, Verdict::Kind::wrong)
        << path << " byte " << byte << " of " << size << " bit " << bit << ": " << found.detail;
    (found.kind == Verdict::Kind::right ? counts_.right : counts_.reported) += 1;
}

struct Folder {
    std::string name;
    Rhythm rhythm;
};

TEST_F(BitFlip, anywhere_is_found) {
    // Only a write-ahead log; table files and an empty one; both; several log files and a long
    // manifest.
    for (const auto& [name, rhythm] :
         {Folder{"log", {0, 0}}, {"tables", {12, 0}}, {"both", {5, 0}}, {"reopened", {5, 8}}}) {
        const Script script{name.size(), 12};
        auto disk = std::make_shared<SimFs>();
        {
            Machine machine{disk};
            ASSERT_EQ(machine.play(script, 0, rhythm), script.flushes.size());
        }
        const auto names = disk->file_names();
        for (std::size_t i = amount(700); i > 0; --i) {
            const auto& path = names[random_() % names.size()];
            const auto size = disk->bytes(path)->size();
            if (size == 0) continue;
            flip(*disk, script, path, random_() % size, static_cast<unsigned>(random_() % 8));
        }
    }
    printf("%zu flips: %zu refused, %zu reported when read, %zu harmless\n", counts_.flips,
           counts_.refused, counts_.reported, counts_.right);
    EXPECT_GE(counts_.flips, amount(2000));
    EXPECT_GE(counts_.refused, amount(500));
    EXPECT_GE(counts_.reported, amount(30));
}

// The files that tell RocksDB what belongs to the log: every byte of the newest part of each.
TEST_F(BitFlip, in_every_byte_of_the_manifest_and_the_log_is_found) {
    const Script script{3, 6};
    auto disk = std::make_shared<SimFs>();
    {
        Machine machine{disk};
        ASSERT_EQ(machine.play(script, 0, {4, 0}), script.flushes.size());
    }
    for (const auto& path : disk->file_names()) {
        const bool wanted = path.find("MANIFEST") != std::string::npos || path.ends_with(".log") ||
                            path.ends_with("CURRENT") || path.ends_with("FORMAT");
        if (!wanted) continue;
        const std::size_t size = disk->bytes(path)->size();
        for (std::size_t byte = 0; byte < size; byte += 100 / amount(100))
            flip(*disk, script, path, byte, static_cast<unsigned>(random_() % 8));
    }
    printf("%zu flips: %zu refused, %zu reported when read, %zu harmless\n", counts_.flips,
           counts_.refused, counts_.reported, counts_.right);
    EXPECT_GE(counts_.flips, amount(2000));
}

// A bit of one slot leaves the other, which is one flush older: still right, never refused.
TEST_F(BitFlip, in_the_witness_refuses_nothing) {
    const Script script{5, 6};
    auto disk = std::make_shared<SimFs>();
    {
        Machine machine{disk};
        ASSERT_EQ(machine.play(script, 0, {4, 0}), script.flushes.size());
    }
    for (const std::size_t slot : {0, 4096})
        for (std::size_t byte = 0; byte < 64; byte += 4)
            flip(*disk, script, "/data/witness", slot + byte, 3);
    EXPECT_EQ(counts_.right, 32u);
}

}  // namespace
}  // namespace yeyak::crash
