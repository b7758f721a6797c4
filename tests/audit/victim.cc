#include "tests/audit/victim.h"

#include "eventstore/record.h"

namespace yeyak::audit {

Victim::Victim() {
    std::size_t bytes = 0;
    for (auto& event : sample_log(5000)) {
        if (bytes >= log_bytes) break;
        records.push_back(eventstore::encode_record(event));
        bytes += records.back().size();
        log.push_back(std::move(event));
    }
    tree = tree_of(log);
    head = tree.head();
    rows = rows_of(tree);
    for (std::uint64_t i = 0; i < log.size(); ++i)
        paths.push_back(prove_inclusion(nodes(), i, log.size()).value());
}

Nodes Victim::nodes() const { return nodes_of_rows(rows); }

Receipt Victim::receipt(std::uint64_t position) const {
    return make_receipt(log[position - 1], checkpoint(), nodes()).value();
}

const Victim& victim() {
    static const Victim one;
    return one;
}

std::vector<std::vector<Hash>> rows_of(const SampleTree& tree) {
    Rows growing;
    const auto added = growing.append(tree.leaves);
    return {added.begin(), added.end()};
}

Nodes nodes_of_rows(const std::vector<std::vector<Hash>>& rows) {
    return nodes_of([&rows](unsigned level, std::uint64_t first,
                            std::uint64_t count) -> Result<std::vector<Hash>> {
        if (first + count > rows[level].size()) return std::unexpected("no such hash");
        const auto begin = rows[level].begin() + static_cast<std::ptrdiff_t>(first);
        return std::vector<Hash>{begin, begin + static_cast<std::ptrdiff_t>(count)};
    });
}

}  // namespace yeyak::audit
