#include <fmt/format.h>

#include "api/routes/audit.h"
#include "api/routes/route_docs.h"
#include "api/routes/schema.h"

namespace yeyak::api::audit_docs {
namespace {

http::RouteDoc doc(std::string summary, std::string description) {
    http::RouteDoc made;
    made.tag = "audit";
    made.summary = std::move(summary);
    made.description = std::move(description);
    return made;
}

http::ParameterDoc number(std::string name, std::string description, std::int64_t least = 0) {
    return number_doc(std::move(name), least, INT64_MAX, std::move(description));
}

// As audit/proofs/receipt.cc writes it.
std::string receipt_schema() {
    const auto event = schema::object({{"position", schema::number},
                                       {"stream", schema::text},
                                       {"version", schema::number},
                                       {"type", schema::text},
                                       {"time", schema::time},
                                       {"eventId", schema::text},
                                       {"correlationId", schema::text},
                                       {"causationId", schema::text},
                                       {"actor", schema::text},
                                       {"tags", schema::list(schema::text)},
                                       {"attributes", R"({"type":"object"})", false},
                                       {"dataForm", schema::one_of({"base64", "none"}), false},
                                       {"data", schema::any}});
    return schema::object({{"format", schema::one_of({"yeyak receipt 1"})},
                           {"event", event},
                           {"entry", schema::text},
                           {"leafIndex", schema::number},
                           {"leafHash", schema::text},
                           {"treeSize", schema::number},
                           {"inclusionProof", schema::list(schema::text)},
                           {"checkpoint", schema::text}});
}

std::string consistency_schema() {
    return schema::object({{"format", schema::one_of({"yeyak consistency 1"})},
                           {"from", schema::number},
                           {"to", schema::number},
                           {"consistencyProof", schema::list(schema::text)}});
}

// A text whose shape is told elsewhere.
http::ResponseDoc note(std::string description) {
    return {200, std::move(description), "text/plain; charset=utf-8", schema::text, ""};
}

}  // namespace

http::RouteDoc checkpoint() {
    auto made = doc("The newest signed checkpoint",
                    "Size and root of the Merkle tree over the log as a signed note "
                    "(c2sp.org/tlog-checkpoint). Kept elsewhere, it proves later that nothing "
                    "before it was changed or taken away.");
    made.parameters = {number("minPosition", "waits for one that covers this position")};
    made.responses = {note("the note"),
                      refused(503, "no checkpoint covers the position yet; try again")};
    made.produces = {"text/plain"};
    return made;
}

http::RouteDoc key() {
    auto made = doc("The public key of checkpoints",
                    "As NAME+ID+KEY (c2sp.org/signed-note). Get it once, on a way you trust.");
    made.responses = {note("the key")};
    made.produces = {"text/plain"};
    return made;
}

http::RouteDoc receipt() {
    auto made = doc("The receipt of an event",
                    "The event, its inclusion proof and a signed checkpoint: `yeyak audit check` "
                    "verifies it without the log. Waits a moment until the newest events are "
                    "covered.");
    made.parameters = {
        number("position", "of the event", 1),
        {"stream", "query", "string", false, "instead of the position, with `version`"},
        number("version", "in the stream", 1)};
    made.responses = {
        {200, "the receipt", "application/json", receipt_schema(), "", {"Yeyak-Position"}},
        refused(400, "a number is none"),
        refused(404, "there is no such event"),
        refused(422, "neither a position nor a stream with a version"),
        refused(500, "the stored tree is damaged; the log is not"),
        refused(503, "no checkpoint covers the event yet; try again")};
    return made;
}

http::RouteDoc consistency() {
    auto made = doc("Proof that one checkpoint extends another",
                    "`yeyak audit consistency` checks it. The sizes are those of the checkpoints.");
    auto from = number("from", "size of the older checkpoint");
    from.required = true;
    made.parameters = {std::move(from),
                       number("to", "size of the newer one; left out: the newest")};
    made.responses = {{200, "the proof", "application/json", consistency_schema(),
                       R"({"format":"yeyak consistency 1","from":3,"to":4,)"
                       R"("consistencyProof":["6y2c…=","Rf0q…=","hq3M…="]})"},
                      refused(422, "`from` is above `to`, or `to` above the newest checkpoint")};
    return made;
}

http::RouteDoc tile(std::size_t segments) {
    auto made = doc("A tile of the tree, or the entries under it",
                    "The read path of c2sp.org/tlog-tiles under /audit/tiles/: hashes side by side "
                    "(tile/0/x001/234, tile/1/004.p/7), or entries behind their lengths in two "
                    "bytes (tile/entries/x001/234). An entry is what the leaf hash covers: the "
                    "position in 8 bytes, then the fields of the record. A full tile never "
                    "changes.");
    made.parameters = {{"level", "path", "string", true, "0 to 7, or entries"}};
    for (std::size_t i = 1; i <= segments; ++i)
        made.parameters.push_back({fmt::format("n{}", i), "path", "string", true,
                                   "part of the tile's number, or its width"});
    made.responses = {
        {200, "the bytes", "application/octet-stream",
         R"({"type":"string","contentMediaType":"application/octet-stream"})", ""},
        refused(404, "the newest checkpoint does not cover such a tile"),
        refused(422, "an entry is longer than a bundle can hold; ask for its receipt")};
    made.produces = {"application/octet-stream"};
    return made;
}

}  // namespace yeyak::api::audit_docs
