// `yeyak audit view`: a view that says what the log says, and every way in which it does not.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>

#include "audit/proofs/note.h"
#include "server/attestations.h"
#include "tests/backup/command_line.h"
#include "tests/replay-tools/folder_test.h"
#include "tests/replay-tools/raw_writer.h"
#include "tests/systems.h"

namespace yeyak::tools::testing {
namespace {

using ::testing::HasSubstr;

class AuditViewTest : public FolderTest {
  protected:
    Ran view(const std::string& name, const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words{"audit",         "view",          name,
                                       "--data",        data().string(), "--work-dir",
                                       work().string(), "--json"};
        words.insert(words.end(), more.begin(), more.end());
        return yeyak(words);
    }
    projections::ViewDigest attested(const std::string& name) const {
        const auto store = projections::ViewStore::open(data() / "views", true);
        const auto& known = *tests::find_view(name);
        return *projections::digest_of(**store, *(*store)->active(name, known.version()),
                                       known.version());
    }
    std::filesystem::path write(const std::string& text) const {
        std::ofstream{work() / "note"} << text;
        return work() / "note";
    }
};

const std::string rows_of_payments =
    std::string{"rpayments"} + '\0' + std::string(7, '\0') + '\x01';

TEST_F(AuditViewTest, every_live_view_is_the_fold_of_the_log) {
    for (const auto& each : tests::all_views()) {
        const std::string name{each->name()};
        const auto ran = view(name);
        EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
        EXPECT_THAT(ran.out, HasSubstr(eventstore::to_hex(attested(name).digest)));
        EXPECT_THAT(ran.out, HasSubstr(R"("with":"the live view")"));
    }
}

TEST_F(AuditViewTest, a_row_that_was_changed_is_named) {
    std::string changed;
    {
        auto views = RawWriter::views(data());
        const auto row = views.keys(0, rows_of_payments).at(3);
        changed = views.get(0, row);
        changed[changed.find("\"price\":") + 8] ^= 1;
        views.put(0, row, changed);
    }
    const auto ran = view("payments");
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, HasSubstr(R"("same":false)"));
    EXPECT_THAT(ran.out, HasSubstr(R"("field":"price")"));
    EXPECT_EQ(view("receipts").code, 0);
}

TEST_F(AuditViewTest, versions_that_a_row_has_seen_count) {
    {
        auto views = RawWriter::views(data());
        const auto row = views.keys(0, rows_of_payments).at(0);
        auto changed = views.get(0, row);
        ++changed[1];
        views.put(0, row, changed);
    }
    const auto ran = view("payments");
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, HasSubstr(R"("field":"seen")"));
}

TEST_F(AuditViewTest, an_attestation_is_held_against_the_fold) {
    const auto key = *audit::SigningKey::generate("yeyak");
    const auto vkey = key.verifier().text();
    const auto digest = attested("payments");
    const auto good =
        write(audit::sign_note(server::attestation_text("yeyak", digest), key)).string();
    EXPECT_EQ(view("payments", {"--attestation", good, "--key", vkey}).code, 0);
    EXPECT_EQ(view("receipts", {"--attestation", good, "--key", vkey}).code, 1);
    EXPECT_EQ(view("payments", {"--attestation", good}).code, 2);
    const auto other = *audit::SigningKey::generate("yeyak");
    EXPECT_EQ(view("payments", {"--attestation", good, "--key", other.verifier().text()}).code, 1);

    auto lie = digest;
    lie.digest[0] ^= 1;
    const auto bad = write(audit::sign_note(server::attestation_text("yeyak", lie), key)).string();
    const auto ran = view("payments", {"--attestation", bad, "--key", vkey});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, HasSubstr(R"("first":null)"));  // the live view is right
    auto later = digest;
    later.position += 1'000'000;
    const auto ahead =
        write(audit::sign_note(server::attestation_text("yeyak", later), key)).string();
    EXPECT_EQ(view("payments", {"--attestation", ahead, "--key", vkey}).code, 3);
}

TEST_F(AuditViewTest, at_any_position) {
    const auto early = view("payments", {"--at", "100"});
    EXPECT_EQ(early.code, 0);
    EXPECT_THAT(early.out, HasSubstr(R"("position":100)"));
    EXPECT_THAT(early.out, HasSubstr(R"("compared":[])"));
    const auto at = early.out.find(R"("digest":")") + 10;
    const auto digest = early.out.substr(at, 64);
    EXPECT_EQ(view("payments", {"--at", "100", "--expect", digest}).code, 0);
    EXPECT_EQ(view("payments", {"--at", "101", "--expect", digest}).code, 1);
    EXPECT_EQ(view("payments", {"--expect", digest}).code, 2);
    EXPECT_EQ(view("payments", {"--at", "100", "--expect", "12"}).code, 2);
    EXPECT_EQ(view("payments", {"--at", "100000000"}).code, 3);
    EXPECT_EQ(view("nothing").code, 2);
}

TEST_F(AuditViewTest, nothing_of_the_data_is_written) {
    const auto before = snapshot_of(data());
    EXPECT_EQ(view("payments").code, 0);
    EXPECT_EQ(snapshot_of(data()), before);
    EXPECT_TRUE(std::filesystem::is_empty(work()));
}

TEST(Attestation, has_one_text) {
    projections::ViewDigest digest;
    digest.view = "payments";
    digest.projector_version = 2;
    digest.position = 7;
    digest.listed = 3;
    digest.cancelled = 4;
    const auto text = server::attestation_text("yeyak", digest);
    EXPECT_EQ(text, "yeyak/views\npayments\n2\n7\n7\n" + std::string(64, '0') + "\n");
    const auto parsed = server::parse_attestation(text);
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->origin, "yeyak");
    EXPECT_EQ(parsed->rows, 7U);
    for (std::size_t i = 0; i <= text.size(); ++i) {
        EXPECT_FALSE(
            server::parse_attestation(text.substr(0, i) + "\n" + text.substr(i)).has_value());
        if (i < text.size()) {
            EXPECT_FALSE(server::parse_attestation(text.substr(0, i)).has_value());
        }
    }
}

}  // namespace
}  // namespace yeyak::tools::testing
