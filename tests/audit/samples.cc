#include "tests/audit/samples.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "eventstore/record.h"

namespace yeyak::audit {

Nodes SampleTree::nodes() const {
    return nodes_of([this](unsigned level, std::uint64_t first,
                           std::uint64_t count) -> Result<std::vector<Hash>> {
        std::vector<Hash> row = leaves;
        for (; level > 0; --level) {
            std::vector<Hash> above;
            for (std::size_t i = 0; i + tile_width <= row.size(); i += tile_width)
                above.push_back(slow_root({row.begin() + static_cast<std::ptrdiff_t>(i),
                                           static_cast<std::size_t>(tile_width)}));
            row = std::move(above);
        }
        if (first + count > row.size()) return std::unexpected("no such hash");
        const auto begin = row.begin() + static_cast<std::ptrdiff_t>(first);
        return std::vector<Hash>{begin, begin + static_cast<std::ptrdiff_t>(count)};
    });
}

TreeHead SampleTree::head(std::uint64_t size) const {
    Range range;
    for (std::uint64_t i = 0; i < size; ++i) range.append(leaves[i]);
    return {size, range.root()};
}

Hash sample_leaf(std::uint64_t number) {
    return eventstore::sha256({"leaf ", std::to_string(number)});
}

SampleTree sample_tree(std::uint64_t size) {
    SampleTree tree;
    for (std::uint64_t i = 0; i < size; ++i) tree.leaves.push_back(sample_leaf(i));
    return tree;
}

std::vector<eventstore::RecordedEvent> sample_log(std::uint64_t size) {
    std::vector<eventstore::RecordedEvent> log;
    for (std::uint64_t i = 1; i <= size; ++i) {
        eventstore::RecordedEvent event;
        event.position = i;
        event.version = 1 + i / 50;
        event.time.ms = 1'632'000'000'000 + static_cast<std::int64_t>(i) * 37;
        event.stream = fmt::format("market.reservation-{}", i % 50);
        event.data.type = "market.product_reserved.v1";
        event.data.correlation_id = fmt::format("{:016x}", i * 7919);
        event.data.causation_id = fmt::format("market.product-{}@{}", i % 7, i);
        event.data.actor = fmt::format("user:{}", i % 11);
        event.data.tags = {fmt::format("user:{}", i % 11), "product:9"};
        event.data.payload =
            fmt::format(R"({{"reservation":{},"note":"{}"}})", i,
                        std::string(i * 31 % 240, 'a' + static_cast<char>(i % 26)));
        eventstore::encode_record(event);
        log.push_back(std::move(event));
    }
    return log;
}

SampleTree tree_of(const std::vector<eventstore::RecordedEvent>& log) {
    SampleTree tree;
    for (const auto& event : log) tree.leaves.push_back(event.leaf);
    return tree;
}

SigningKey sample_key(const std::string& name, int number) {
    const auto seed = eventstore::sha256({"key ", std::to_string(number)});
    auto* key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size());
    auto* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio, &text);
    const std::string pem{text, static_cast<std::size_t>(size)};
    BIO_free(bio);
    EVP_PKEY_free(key);
    return SigningKey::from_pem(name, pem).value();
}

namespace {
std::uint64_t largest_power_below(std::uint64_t n) {
    std::uint64_t k = 1;
    while (k * 2 < n) k *= 2;
    return k;
}

std::vector<Hash> subproof(std::uint64_t m, std::span<const Hash> leaves, bool complete) {
    if (m == leaves.size())
        return complete ? std::vector<Hash>{} : std::vector<Hash>{slow_root(leaves)};
    const auto k = largest_power_below(leaves.size());
    const auto left = leaves.subspan(0, k);
    const auto right = leaves.subspan(k);
    auto proof = m <= k ? subproof(m, left, complete) : subproof(m - k, right, false);
    proof.push_back(slow_root(m <= k ? right : left));
    return proof;
}
}  // namespace

Hash slow_root(std::span<const Hash> leaves) {
    if (leaves.empty()) return eventstore::sha256({""});
    if (leaves.size() == 1) return leaves[0];
    const auto k = largest_power_below(leaves.size());
    return node_hash(slow_root(leaves.subspan(0, k)), slow_root(leaves.subspan(k)));
}

std::vector<Hash> slow_path(std::uint64_t index, std::span<const Hash> leaves) {
    if (leaves.size() == 1) return {};
    const auto k = largest_power_below(leaves.size());
    const auto left = leaves.subspan(0, k);
    const auto right = leaves.subspan(k);
    auto path = index < k ? slow_path(index, left) : slow_path(index - k, right);
    path.push_back(slow_root(index < k ? right : left));
    return path;
}

std::vector<Hash> slow_consistency(std::uint64_t from, std::span<const Hash> leaves) {
    return subproof(from, leaves, true);
}

}  // namespace yeyak::audit
