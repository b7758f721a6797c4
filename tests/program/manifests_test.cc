// Walks the manifests of all systems: what one part of the program knows of a system, the others
// must know, too.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "aggregates/engine/stream_system.h"
#include "kernel/json.h"
#include "privacy/person.h"
#include "program/systems.h"
#include "server/config/config_keys.h"
#include "server/runtime.h"
#include "tests/api/temp_folder.h"

namespace yeyak::program {
namespace {

using tools::AuditedSystem;

const std::filesystem::path golden_folder = "tests/golden/events";

const AuditedSystem& audited(const System& system) {
    const auto& all = tools_platform().systems;
    const auto found = std::ranges::find(all, system.name(), &AuditedSystem::name);
    if (found == all.end()) throw std::runtime_error{std::string{system.name()}};
    return *found;
}

bool has_category(std::string_view wanted) {
    return std::ranges::any_of(tools_platform().systems, [&](const AuditedSystem& system) {
        return std::ranges::find(system.categories, wanted, &tools::AuditedCategory::category) !=
               system.categories.end();
    });
}

projections::Views views_of(const System& system) {
    projections::Views views;
    system.add_views(views);
    return views;
}

// --- events --------------------------------------------------------------------------------------

std::string sample(const std::string& name) {
    std::ifstream file{golden_folder / (name + ".json")};
    EXPECT_TRUE(file.is_open()) << name << " has no sample in " << golden_folder;
    std::string line;
    std::getline(file, line);
    return line;
}

// Reads as it is written, byte for byte.
void check_sample(const std::string& type, const tools::Rewrite& rewrite, const std::string& name,
                  std::set<std::string>& known) {
    known.insert(name + ".json");
    const auto json = sample(name);
    const auto again = rewrite(type, json);
    ASSERT_TRUE(again.has_value())
        << name << ": " << again.error().field << ' ' << again.error().detail;
    EXPECT_EQ(*again, json) << name;
}

TEST(Manifests, every_event_that_was_ever_released_is_read_and_written_as_ever) {
    std::set<std::string> known;
    for (const auto& system : tools_platform().systems) {
        for (const auto& category : system.categories) {
            for (const auto& [type, newest] : category.types)
                check_sample(std::string{type}, category.rewrite, std::string{type}, known);
            EXPECT_FALSE(category.decode("no.such_event.v1", "{}")) << category.category;
        }
        for (const auto& saga : system.sagas)
            for (const auto state : saga.states) {
                const auto type = std::string{saga.type};
                check_sample(type, saga.rewrite, type + '.' + std::string{state}, known);
            }
    }
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator{golden_folder})
        if (entry.path().extension() == ".json") found.insert(entry.path().filename().string());
    EXPECT_EQ(found, known) << "a sample whose type is gone, or a type without a sample";
}

TEST(Manifests, a_system_has_its_events_and_streams_under_its_own_name) {
    for (const auto* system : systems()) {
        const auto prefix = std::string{system->name()} + '.';
        EXPECT_FALSE(audited(*system).categories.empty()) << prefix;
        for (const auto& category : audited(*system).categories) {
            EXPECT_TRUE(category.category.starts_with(prefix)) << category.category;
            for (const auto& [type, newest] : category.types)
                EXPECT_TRUE(type.starts_with(prefix)) << type;
        }
        for (const auto& saga : audited(*system).sagas)
            EXPECT_TRUE(saga.category.starts_with(prefix)) << saga.category;
    }
}

// --- views ---------------------------------------------------------------------------------------

TEST(Manifests, every_view_says_whom_its_rows_are_about) {
    for (const auto* system : systems())
        for (const auto& view : views_of(*system)) {
            const auto [field, category] = view->subject();
            if (field.empty()) continue;
            EXPECT_NE(view->empty_row().find("\"" + std::string{field} + "\":"), std::string::npos)
                << view->name() << " has no field " << field;
            EXPECT_TRUE(has_category(category)) << view->name() << ": " << category;
            EXPECT_EQ(system_of(std::string{category} + "-1"), system->name()) << view->name();
        }
}

TEST(Manifests, personal_streams_are_of_the_system_and_known_to_the_auditor) {
    for (const auto* system : systems())
        for (const auto category : system->personal_streams) {
            EXPECT_TRUE(has_category(category)) << category;
            EXPECT_EQ(system_of(std::string{category} + "-1"), system->name()) << category;
        }
}

TEST(Manifests, views_have_names_of_their_own_and_are_made_of_events_that_the_auditor_knows) {
    std::set<std::string_view> names;
    for (const auto& view : views()) {
        EXPECT_TRUE(names.insert(view->name()).second) << view->name();
        for (const auto& category : view->categories())
            EXPECT_TRUE(has_category(category)) << view->name() << ": " << category;
    }
    for (const auto* system : systems()) EXPECT_FALSE(views_of(*system).empty()) << system->name();
}

// --- persons -------------------------------------------------------------------------------------

// Names of fields that hold what a person is known by.
const std::regex personal{R"re("(\w*[aA]ddress|cardNo|\w*RegNumber|vehiNo|userName)":)re"};

TEST(Manifests, whoever_keeps_personal_fields_says_how_the_person_is_named) {
    int fields = 0;
    for (const auto* system : systems()) {
        for (const auto& category : audited(*system).categories)
            for (const auto& [type, newest] : category.types) {
                const auto json = sample(std::string{type});
                std::smatch field;
                if (!std::regex_search(json, field, personal)) continue;
                ++fields;
                EXPECT_FALSE(system->people.empty()) << type << " keeps " << field[1];
            }
        for (const auto& view : views_of(*system)) {
            const auto row = view->empty_row();
            std::smatch field;
            if (!std::regex_search(row, field, personal)) continue;
            ++fields;
            EXPECT_FALSE(system->people.empty()) << view->name() << " shows " << field[1];
            EXPECT_FALSE(view->subject().field.empty())
                << view->name() << " shows " << field[1] << " and says of nobody whose it is";
        }
    }
    EXPECT_GT(fields, 10) << "the names of personal fields have changed";
}

TEST(Manifests, every_kind_of_person_can_be_found) {
    const api::TempFolder folder;
    const auto vault = *privacy::Vault::open(folder.path() / "card.key", privacy::IfMissing::make);
    for (const auto& kind : people()) {
        const auto name = person_name(kind.system, kind.kind, kind.example);
        EXPECT_TRUE(kind.has_key || !kind.stream.empty()) << name << ": where are its keys?";
        if (!kind.stream.empty()) EXPECT_TRUE(has_category(kind.stream)) << name;
        if (kind.value == PersonKind::Value::token) continue;  // the example stands for one
        const auto person = privacy::parse_person(people(), vault, name);
        ASSERT_TRUE(person.has_value()) << name;
        EXPECT_EQ(person->system, kind.system);
        EXPECT_NE(privacy::forms_of(people()).find(name), std::string::npos);
    }
}

// --- routes, settings, demo ----------------------------------------------------------------------

class ManifestsServed : public ::testing::Test {
  protected:
    void SetUp() override {
        config_.data = folder_.path() / "data";
        auto started = server::Runtime::start(config_, server_platform(), io_, [] {});
        ASSERT_TRUE(started.has_value()) << started.error().detail;
        runtime_ = *std::move(started);
    }
    http::Router routes_of(const System& system) {
        http::Router router;
        const api::Server at{runtime_->commands(), runtime_->reads(), runtime_->upkeep(), config_};
        system.add_routes(router, at, api::Mount{"/" + std::string{system.name()}});
        return router;
    }

    api::TempFolder folder_;
    server::ServeConfig config_;
    boost::asio::io_context io_;
    std::unique_ptr<server::Runtime> runtime_;
};

bool is_json(const std::string& text) { return check_json(text, true).has_value(); }

TEST_F(ManifestsServed, every_route_is_documented) {
    for (const auto* system : systems()) {
        const auto router = routes_of(*system);
        EXPECT_FALSE(router.routes().empty());
        for (const auto& route : router.routes()) {
            const auto& doc = route.doc;
            EXPECT_FALSE(doc.summary.empty()) << route.pattern;
            EXPECT_EQ(doc.tag, system->name()) << route.pattern;
            EXPECT_FALSE(doc.responses.empty()) << route.pattern;
            EXPECT_EQ(doc.request_schema.empty(), doc.request_example.empty()) << route.pattern;
            for (const auto& json : {doc.request_schema.text(), doc.request_example})
                EXPECT_TRUE(json.empty() || is_json(json)) << route.pattern << ": " << json;
            for (const auto& answer : doc.responses) {
                const bool has_shape = answer.content_type.empty() ||
                                       answer.content_type == "application/problem+json";
                EXPECT_TRUE(has_shape || is_json(answer.schema))
                    << route.pattern << ": " << answer.status << ' ' << answer.schema;
            }
        }
    }
}

TEST_F(ManifestsServed, every_route_says_who_may_use_it) {
    for (const auto* system : systems()) {
        const auto prefix = "/" + std::string{system->name()};
        api::AccessTable table;
        table.add(system->access, prefix, system->staff);
        const auto fits = table.fits(routes_of(*system));
        EXPECT_TRUE(fits.has_value()) << system->name() << ": " << fits.error();
        for (const auto& row : system->access)
            EXPECT_FALSE(row.access.anybody) << system->name() << row.pattern;
    }
}

TEST_F(ManifestsServed, what_is_to_be_tried_can_be_tried) {
    for (const auto* system : systems()) {
        const auto router = routes_of(*system);
        const auto path = "/" + std::string{system->name()} + std::string{system->try_path};
        EXPECT_TRUE(std::ranges::any_of(router.routes(), [&](const http::Route& route) {
            return route.method == http::Method::post && route.pattern == path;
        })) << path;
        EXPECT_TRUE(is_json(std::string{system->try_body})) << system->try_body;
    }
}

TEST_F(ManifestsServed, contexts_that_are_spoken_of_can_be_stopped) {
    const auto& contexts = runtime_->upkeep().contexts();
    const auto is_known = [&](std::string_view name) { return contexts.known(name); };
    for (const auto* system : systems()) {
        EXPECT_EQ(system->demo->system, system->name());
        EXPECT_FALSE(system->demo->contexts.empty()) << system->name();
        for (const auto context : system->demo->contexts) EXPECT_TRUE(is_known(context)) << context;
        const auto desk = system->rules.payments.context;
        if (!desk.empty()) EXPECT_TRUE(is_known(desk)) << desk;
        for (const auto& view : views_of(*system))
            EXPECT_TRUE(is_known(view->context())) << view->name();
    }
}

TEST(Manifests, settings_have_names_of_their_own_and_help) {
    std::set<std::string_view> paths;
    for (const auto& key : settings()) {
        EXPECT_TRUE(paths.insert(key.path).second) << key.path;
        EXPECT_FALSE(key.help.empty()) << key.path;
    }
    for (const auto* system : systems()) EXPECT_EQ(find_system(system->name()), system);
    EXPECT_EQ(find_system("nothing"), nullptr);
}

}  // namespace
}  // namespace yeyak::program
