// What the log keeps of a caller's address.
#include <gtest/gtest.h>

#include "api/routes/common.h"

namespace yeyak::api {
namespace {

TEST(Network, of_a_public_address_only_the_network_is_kept) {
    EXPECT_EQ(network_of("203.0.113.77"), "203.0.113.0/24");
    EXPECT_EQ(network_of("172.15.0.1"), "172.15.0.0/24");
    EXPECT_EQ(network_of("172.32.0.1"), "172.32.0.0/24");
    EXPECT_EQ(network_of("::ffff:203.0.113.77"), "203.0.113.0/24");
    EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1::/48");
}

TEST(Network, an_address_that_names_no_household_is_kept_whole) {
    for (const auto* address : {"127.0.0.1", "10.1.2.3", "172.16.0.9", "172.31.255.1",
                                "192.168.7.8", "169.254.1.2", "::1", "fd00::12", "fe80::1"})
        EXPECT_EQ(network_of(address), address);
    EXPECT_EQ(network_of("::ffff:10.0.0.7"), "10.0.0.7");
}

TEST(Network, what_is_no_address_is_nowhere) {
    EXPECT_EQ(network_of(""), "nowhere");
    EXPECT_EQ(network_of("<script>"), "nowhere");
}

}  // namespace
}  // namespace yeyak::api
