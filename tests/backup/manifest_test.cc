// What a backup says of itself, as text: one text for one meaning, and nothing that leads out of
// the folder.
#include "audit/backup/manifest.h"

#include <gtest/gtest.h>

namespace yeyak::api {
namespace {

using eventstore::sha256;

backup::BackupManifest some_manifest() {
    backup::BackupManifest made;
    made.log = "example.com/orders";
    made.number = 12;
    made.taken = {1'795'000'000'123};
    made.position = 1204;
    made.root = sha256({"root"});
    made.log_id = 14;
    made.views_id = 13;
    made.previous = sha256({"before"});
    made.list = sha256({"list"});
    made.files = 3;
    made.bytes = 4'000'000'000;
    return made;
}

TEST(BackupManifest, has_one_text) {
    const auto made = some_manifest();
    const auto text = to_text(made);
    EXPECT_EQ(text.substr(0, 39), "example.com/orders/backups\nnumber 12\nta");
    EXPECT_EQ(backup::parse_backup_manifest(text).value(), made);
    auto first = made;
    first.previous.reset();
    EXPECT_EQ(backup::parse_backup_manifest(to_text(first)).value(), first);
    for (std::size_t at = 0; at < text.size(); ++at) {
        EXPECT_FALSE(backup::parse_backup_manifest(text.substr(0, at)).has_value());
        for (const char other : {'\n', ' ', '0', '9', 'a', 'F', '/'}) {
            auto changed = text;
            changed[at] = other;
            const auto parsed = backup::parse_backup_manifest(changed);
            if (parsed) {
                EXPECT_EQ(to_text(*parsed), changed);
            }
            changed.insert(at, 1, other);
            const auto longer = backup::parse_backup_manifest(changed);
            if (longer) {
                EXPECT_EQ(to_text(*longer), changed);
            }
        }
    }
}

TEST(BackupList, has_one_text) {
    const backup::BackupList list{
        {{sha256({"a"}), 17, "log/private/1/CURRENT"},
         {sha256({"b"}), 0, backup::object_path(sha256({"b"}))}},
        {{"audit/level-0", {sha256({"b"}), sha256({"b"})}}, {"witness", {}}}};
    EXPECT_EQ(backup::parse_backup_list(to_text(list)).value(), list);
    EXPECT_EQ(backup::parse_backup_list("").value(), backup::BackupList{});
    for (std::size_t cut = 1; cut < to_text(list).size(); ++cut) {
        const auto parsed = backup::parse_backup_list(to_text(list).substr(0, cut));
        if (parsed) {
            EXPECT_EQ(to_text(*parsed), to_text(list).substr(0, cut));
        }
    }
}

TEST(BackupList, leads_nowhere_else) {
    const auto hex = std::string(64, 'a');
    EXPECT_TRUE(backup::parse_backup_list("file audit/level-0 " + hex + "\n").has_value());
    for (const auto* path : {"", "/etc/passwd", "../data", "a/../b", "a/..", "./a", "a//b", "a/",
                             "a\\b", "a\tb", "\xc3\xa4"}) {
        EXPECT_FALSE(
            backup::parse_backup_list(std::string{"file "} + path + " " + hex + "\n").has_value())
            << path;
        EXPECT_FALSE(backup::parse_backup_list("object " + hex + " 1 " + path + "\n").has_value())
            << path;
    }
    for (const auto& line :
         {std::string{"file"}, "object " + hex + " 1\n", "object " + hex + " 01 a\n",
          "object " + hex + " 1 a b\n", "other " + hex + " 1 a\n",
          "object " + std::string(64, 'A') + " 1 a\n", std::string{"\n"}})
        EXPECT_FALSE(backup::parse_backup_list(line).has_value()) << line;
}

}  // namespace
}  // namespace yeyak::api
