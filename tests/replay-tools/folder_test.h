// Tests that begin with a filled data folder: it is made once and copied for each of them.
#pragma once
#include <gtest/gtest.h>

#include "replay-tools/terminal/progress.h"
#include "tests/replay-tools/data_folder.h"

namespace yeyak::tools::testing {

inline constexpr std::int64_t reservations = 270;  // each fate 30 times

class FolderTest : public ::testing::Test {
  protected:
    static const std::filesystem::path& filled() {
        static const TemporaryFolder folder;
        static const bool done = [] {
            fill(folder.path() / "data", reservations);
            return true;
        }();
        EXPECT_TRUE(done);
        return folder.path();
    }

    void SetUp() override {
        Progress::silence();
        std::filesystem::copy(filled() / "data", data(), std::filesystem::copy_options::recursive);
        std::filesystem::create_directory(work());
    }
    std::filesystem::path data() const { return folder_.path() / "data"; }
    std::filesystem::path work() const { return folder_.path() / "work"; }

  private:
    TemporaryFolder folder_;
};

}  // namespace yeyak::tools::testing
