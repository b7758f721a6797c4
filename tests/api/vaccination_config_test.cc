// The names of the vaccines, and where they come from.
#include <gtest/gtest.h>

#include "api/systems/vaccination/settings.h"
#include "program/systems.h"

namespace yeyak::api {
namespace {

std::string types(const server::Settings& env, const server::Settings& flags = {}) {
    const auto config = server::load_config(program::settings(), env, flags);
    return config ? config->of<VaccinationSettings>().types : "refused";
}

TEST(VaccineTypes, come_from_the_variable_of_the_founding_document_VAC_O7) {
    EXPECT_EQ(types({}), "Pfizer,Moderna,Janssen,AstraZeneca");
    EXPECT_EQ(types({{"VACCINE_TYPE", "Novavax,Pfizer"}}), "Novavax,Pfizer");
    EXPECT_EQ(types({{"VACCINE_TYPE", "Novavax"}, {"YEYAK_VACCINATION_TYPES", "Janssen"}}),
              "Janssen");
    EXPECT_EQ(types({{"VACCINE_TYPE", "Novavax"}}, {{"vaccination.types", "Moderna"}}), "Moderna");
}
TEST(VaccineTypes, are_names_of_streams) {
    for (const char* bad : {"", ",", "Pfizer,", "Pfizer,,Moderna", "Pfizer,Pfizer", "a b", "a-b",
                            "a/b", "1,2,3,4,5,6,7,8,9,10,11,12,13"})
        EXPECT_EQ(types({}, {{"vaccination.types", bad}}), "refused") << bad;
    EXPECT_EQ(types({}, {{"vaccination.types", std::string(41, 'x')}}), "refused");
    EXPECT_EQ(types({}, {{"vaccination.types", "1,2,3,4,5,6,7,8,9,10,11,12"}}),
              "1,2,3,4,5,6,7,8,9,10,11,12");
    const auto refused = server::load_config(program::settings(), {{"VACCINE_TYPE", "a b"}}, {});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().find("YEYAK_VACCINATION_TYPES"), std::string::npos);
}

}  // namespace
}  // namespace yeyak::api
