// The published language of the repair shop: one repair for one receipt, with the same number.
#pragma once
#include <boost/describe.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kernel/money.h"
#include "kernel/sealed.h"

namespace yeyak::repairshop {

// From `repaired` on a repair is over: it never changes again.
enum class RepairStat {
    repair_requested,
    repair_received,
    repaired,
    repair_rejected,
    repair_cancelled
};
BOOST_DESCRIBE_ENUM(RepairStat, repair_requested, repair_received, repaired, repair_rejected,
                    repair_cancelled)

constexpr bool is_over(RepairStat stat) { return stat >= RepairStat::repaired; }

struct RepairReceived {
    static constexpr std::string_view type = "repairshop.repair_received.v1";
    std::int64_t id = 0;
    std::int64_t receipt_id = 0;
    Sealed vehi_no;
    friend bool operator==(const RepairReceived&, const RepairReceived&) = default;
};
BOOST_DESCRIBE_STRUCT(RepairReceived, (), (id, receipt_id, vehi_no))

struct RepairCompleted {
    static constexpr std::string_view type = "repairshop.repair_completed.v1";
    std::int64_t id = 0;
    Won repair_amt;
    friend bool operator==(const RepairCompleted&, const RepairCompleted&) = default;
};
BOOST_DESCRIBE_STRUCT(RepairCompleted, (), (id, repair_amt))

struct RepairRejected {
    static constexpr std::string_view type = "repairshop.repair_rejected.v1";
    std::int64_t id = 0;
    friend bool operator==(const RepairRejected&, const RepairRejected&) = default;
};
BOOST_DESCRIBE_STRUCT(RepairRejected, (), (id))

struct RepairCancelled {
    static constexpr std::string_view type = "repairshop.repair_cancelled.v1";
    std::int64_t id = 0;
    friend bool operator==(const RepairCancelled&, const RepairCancelled&) = default;
};
BOOST_DESCRIBE_STRUCT(RepairCancelled, (), (id))

using RepairEvent = std::variant<RepairReceived, RepairCompleted, RepairRejected, RepairCancelled>;

struct RegisterRepair {
    static constexpr std::string_view type = "repairshop.register_repair";
    std::int64_t id = 0;
    Sealed vehi_no;
    friend bool operator==(const RegisterRepair&, const RegisterRepair&) = default;
};
BOOST_DESCRIBE_STRUCT(RegisterRepair, (), (id, vehi_no))

// A repair is accepted when it is registered; to accept it again changes nothing.
struct AcceptRepair {
    static constexpr std::string_view type = "repairshop.accept_repair";
    std::int64_t id = 0;
    friend bool operator==(const AcceptRepair&, const AcceptRepair&) = default;
};
BOOST_DESCRIBE_STRUCT(AcceptRepair, (), (id))

struct CompleteRepair {
    static constexpr std::string_view type = "repairshop.complete_repair";
    std::int64_t id = 0;
    Won repair_amt;
    friend bool operator==(const CompleteRepair&, const CompleteRepair&) = default;
};
BOOST_DESCRIBE_STRUCT(CompleteRepair, (), (id, repair_amt))

struct RejectRepair {
    static constexpr std::string_view type = "repairshop.reject_repair";
    std::int64_t id = 0;
    friend bool operator==(const RejectRepair&, const RejectRepair&) = default;
};
BOOST_DESCRIBE_STRUCT(RejectRepair, (), (id))

struct CancelRepair {
    static constexpr std::string_view type = "repairshop.cancel_repair";
    std::int64_t id = 0;
    friend bool operator==(const CancelRepair&, const CancelRepair&) = default;
};
BOOST_DESCRIBE_STRUCT(CancelRepair, (), (id))

using RepairCommand =
    std::variant<RegisterRepair, AcceptRepair, CompleteRepair, RejectRepair, CancelRepair>;

struct RepairContract {
    static constexpr std::string_view category = "repairshop.repair";
    static std::string_view context(std::string_view) { return "repair"; }
    static std::vector<std::string> tags(const RepairEvent&) { return {}; }
    using Command = RepairCommand;
    using Event = RepairEvent;
};

}  // namespace yeyak::repairshop
