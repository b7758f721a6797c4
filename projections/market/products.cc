#include "projections/market/products.h"

#include "kernel/json_impl.h"

namespace yeyak {
YEYAK_INSTANTIATE_JSON(projections::MarketProductRow)
}

namespace yeyak::projections {
namespace {

void become(MarketProductRow& row, std::string_view status, Instant at) {
    row.product_status = status;
    row.modified_at = at;
}

}  // namespace

void MarketProducts::apply(Row& row, const market::ProductRegistered& e, Instant at) {
    row = {.id = e.id,
           .product_name = e.product_name,
           .product_status = "01",
           .price = e.price,
           .seller_id = e.seller_id,
           .created_at = at,
           .modified_at = at};
}
void MarketProducts::apply(Row& row, const market::ProductEdited& e, Instant at) {
    row.product_name = e.product_name;
    row.price = e.price;
    row.modified_at = at;
}
void MarketProducts::apply(Row& row, const market::ProductReserved&, Instant at) {
    become(row, "02", at);
}
void MarketProducts::apply(Row& row, const market::ProductReleased&, Instant at) {
    become(row, "01", at);
}
void MarketProducts::apply(Row& row, const market::ProductSold&, Instant at) {
    become(row, "soldOut", at);
}

std::vector<IndexValue> MarketProducts::indexes(const Row& row) {
    std::vector<IndexValue> values{{"productStatus", row.product_status}};
    if (row.seller_id) values.push_back({"sellerId", std::to_string(*row.seller_id)});
    return values;
}

}  // namespace yeyak::projections
