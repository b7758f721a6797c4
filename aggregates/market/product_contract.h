// The published language of products: a single thing that is for sale, is held by at most one
// reservation at a time, and is sold once.
#pragma once
#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/money.h"

namespace yeyak::market {

struct ProductRegistered {
    static constexpr std::string_view type = "market.product_registered.v1";
    std::int64_t id = 0;
    std::string product_name;
    Won price;
    std::optional<std::int64_t> seller_id;
    friend bool operator==(const ProductRegistered&, const ProductRegistered&) = default;
};
BOOST_DESCRIBE_STRUCT(ProductRegistered, (), (id, product_name, price, seller_id))

struct ProductEdited {
    static constexpr std::string_view type = "market.product_edited.v1";
    std::int64_t id = 0;
    std::string product_name;
    Won price;
    friend bool operator==(const ProductEdited&, const ProductEdited&) = default;
};
BOOST_DESCRIBE_STRUCT(ProductEdited, (), (id, product_name, price))

struct ProductReserved {
    static constexpr std::string_view type = "market.product_reserved.v1";
    std::int64_t id = 0;
    std::int64_t reservation_id = 0;
    friend bool operator==(const ProductReserved&, const ProductReserved&) = default;
};
BOOST_DESCRIBE_STRUCT(ProductReserved, (), (id, reservation_id))

// For sale again, because the reservation that held it was cancelled.
struct ProductReleased {
    static constexpr std::string_view type = "market.product_released.v1";
    std::int64_t id = 0;
    std::int64_t reservation_id = 0;
    friend bool operator==(const ProductReleased&, const ProductReleased&) = default;
};
BOOST_DESCRIBE_STRUCT(ProductReleased, (), (id, reservation_id))

struct ProductSold {
    static constexpr std::string_view type = "market.product_sold.v1";
    std::int64_t id = 0;
    std::int64_t reservation_id = 0;
    friend bool operator==(const ProductSold&, const ProductSold&) = default;
};
BOOST_DESCRIBE_STRUCT(ProductSold, (), (id, reservation_id))

using ProductEvent =
    std::variant<ProductRegistered, ProductEdited, ProductReserved, ProductReleased, ProductSold>;

struct RegisterProduct {
    static constexpr std::string_view type = "market.register_product";
    ProductRegistered product;
    friend bool operator==(const RegisterProduct&, const RegisterProduct&) = default;
};
BOOST_DESCRIBE_STRUCT(RegisterProduct, (), (product))

// What is not said stays. A reservation keeps the name and price that it was made with.
struct EditProduct {
    static constexpr std::string_view type = "market.edit_product";
    std::int64_t id = 0;
    std::optional<std::string> product_name;
    std::optional<Won> price;
    friend bool operator==(const EditProduct&, const EditProduct&) = default;
};
BOOST_DESCRIBE_STRUCT(EditProduct, (), (id, product_name, price))

struct ReserveProduct {
    static constexpr std::string_view type = "market.reserve_product";
    std::int64_t id = 0;
    std::int64_t reservation_id = 0;
    friend bool operator==(const ReserveProduct&, const ReserveProduct&) = default;
};
BOOST_DESCRIBE_STRUCT(ReserveProduct, (), (id, reservation_id))

struct ReleaseProduct {
    static constexpr std::string_view type = "market.release_product";
    std::int64_t id = 0;
    std::int64_t reservation_id = 0;
    friend bool operator==(const ReleaseProduct&, const ReleaseProduct&) = default;
};
BOOST_DESCRIBE_STRUCT(ReleaseProduct, (), (id, reservation_id))

struct SellProduct {
    static constexpr std::string_view type = "market.sell_product";
    std::int64_t id = 0;
    std::int64_t reservation_id = 0;
    friend bool operator==(const SellProduct&, const SellProduct&) = default;
};
BOOST_DESCRIBE_STRUCT(SellProduct, (), (id, reservation_id))

using ProductCommand =
    std::variant<RegisterProduct, EditProduct, ReserveProduct, ReleaseProduct, SellProduct>;

struct ProductContract {
    static constexpr std::string_view category = "market.product";
    static std::string_view context(std::string_view) { return "product"; }
    static std::vector<std::string> tags(const ProductEvent& event);
    using Command = ProductCommand;
    using Event = ProductEvent;
};

}  // namespace yeyak::market
