#include "api/routes/backups.h"

#include <fmt/format.h>

#include <limits>

#include "api/routes/body_impl.h"
#include "api/routes/common.h"
#include "api/routes/route_docs.h"
#include "api/routes/schema.h"
#include "server/backups.h"
#include "server/config/config.h"

namespace yeyak::api {

// What POST /audit/backups takes.
struct BackupBody {
    std::string to;
    std::optional<std::string> keys_to;
};
BOOST_DESCRIBE_STRUCT(BackupBody, (), (to, keys_to))

namespace {

using http::problem;
using http::Request;
using http::Response;

const Body<BackupBody> backup_body{
    Reading::strict,
    {field(&BackupBody::to).length(1, 1000).about("a folder below backup.dir"),
     field(&BackupBody::keys_to).length(1, 1000).about("another, for the secret keys")}};

std::string_view name_of(server::BackupJob::State state) {
    switch (state) {
        case server::BackupJob::State::running:
            return "running";
        case server::BackupJob::State::done:
            return "done";
        case server::BackupJob::State::failed:
            return "failed";
    }
    return "";
}

void append_text(std::string& out, std::string_view name, std::string_view value) {
    out += fmt::format(",\"{}\":", name);
    append_json_string(out, value);
}

std::string json_of(const server::BackupJob& job) {
    auto out = fmt::format("{{\"id\":{},\"state\":\"{}\"", job.id, name_of(job.state));
    append_text(out, "to", job.to.string());
    if (!job.keys_to.empty()) append_text(out, "keysTo", job.keys_to.string());
    append_text(out, "actor", job.cause.actor);
    append_text(out, "began", to_text(job.began));
    if (job.ended) append_text(out, "ended", to_text(*job.ended));
    out += fmt::format(",\"bytesCopied\":{}", job.bytes_copied);
    if (job.state == server::BackupJob::State::failed) append_text(out, "error", job.error);
    if (job.state == server::BackupJob::State::done) {
        const auto& made = job.taken.manifest;
        append_text(out, "log", made.log);
        out += fmt::format(
            ",\"number\":{},\"position\":{},\"root\":\"{}\",\"files\":{},\"bytes\":{},"
            "\"newFiles\":{},\"newBytes\":{}",
            made.number, made.position, eventstore::to_hex(made.root), made.files, made.bytes,
            job.taken.new_files, job.taken.new_bytes);
    }
    return out + "}";
}

Response begin(server::Upkeep& upkeep, const Request& request) {
    auto cause = cause_of(request, std::string{nobody});
    if (!cause) return std::move(cause).error();
    auto body = backup_body.read(request, upkeep.config().limits);
    if (!body) return body.error();
    const auto job =
        upkeep.backups().begin(body->to, body->keys_to.value_or(""), *std::move(cause));
    if (!job) {
        const auto& why = job.error();
        return problem(why.status, why.code, why.detail, why.field);
    }
    auto response = http::json(202, json_of(*job));
    response.headers.add("Location", fmt::format("{}/audit/backups/{}", request.base, job->id));
    return response;
}

Response list(server::Upkeep& upkeep) {
    std::string jobs;
    for (const auto& job : upkeep.backups().jobs())
        jobs += (jobs.empty() ? "" : ",") + json_of(job);
    return http::json(200, fmt::format("{{\"backups\":[{}]}}", jobs));
}

Response one(server::Upkeep& upkeep, const Request& request) {
    const NumberParameter id{"id", 1, std::numeric_limits<std::int64_t>::max()};
    const auto number = parse_number(request.parameter("id"), id);
    const auto job =
        number ? upkeep.backups().job(static_cast<std::uint64_t>(*number)) : std::nullopt;
    if (job) return http::json(200, json_of(*job));
    return problem(
        404, "no_such_backup",
        "this server has begun no backup with that id since its start; yeyak backup list "
        "--to DIR tells what a folder holds",
        "id");
}

http::RouteDoc doc(std::string summary, std::string description) {
    http::RouteDoc made;
    made.tag = "audit";
    made.summary = std::move(summary);
    made.description = std::move(description);
    return made;
}

// What it has done is there once it is done.
std::string job_schema() {
    return schema::object({{"id", schema::number},
                           {"state", schema::one_of({"running", "done", "failed"})},
                           {"to", schema::text},
                           {"keysTo", schema::text, false},
                           {"actor", schema::text},
                           {"began", schema::time},
                           {"ended", schema::time, false},
                           {"bytesCopied", schema::number},
                           {"error", schema::text, false},
                           {"log", schema::text, false},
                           {"number", schema::number, false},
                           {"position", schema::number, false},
                           {"root", schema::text, false},
                           {"files", schema::number, false},
                           {"bytes", schema::number, false},
                           {"newFiles", schema::number, false},
                           {"newBytes", schema::number, false}});
}

http::RouteDoc begin_doc(const server::LimitsConfig& limits) {
    auto made = doc("Take a backup of this server",
                    "Copies log and views while the server goes on, below backup.dir, and signs "
                    "what it copied with the root of the Merkle tree. Only what is new since the "
                    "backup before in the same folder is copied. Secret keys are not in it; "
                    "keysTo copies them to another folder.");
    made.parameters = {actor()};
    made.request_schema = backup_body.schema(limits);
    made.request_example = R"({"to":"nightly"})";
    made.responses = {{202,
                       "it is being taken; Location tells how far",
                       "application/json",
                       job_schema(),
                       "",
                       {"Location"}},
                      refused(403, "backup.dir is not set"),
                      refused(409, "one is being taken"),
                      refused(422, "the folder does not lie below backup.dir")};
    return made;
}

}  // namespace

void add_backup_routes(http::Router& router, server::Upkeep& upkeep) {
    router.add({http::Method::post, "/audit/backups",
                at_once([&upkeep](Request& request) { return begin(upkeep, request); }),
                begin_doc(upkeep.config().limits)});
    auto listed = doc("Backups that this server has begun", "Since its start; the newest hundred.");
    listed.responses = {{200, "each with its state", "application/json",
                         schema::object({{"backups", schema::list(job_schema())}}), ""}};
    router.add({http::Method::get, "/audit/backups",
                at_once([&upkeep](Request&) { return list(upkeep); }), std::move(listed)});
    auto single = doc("How far a backup is", "");
    single.parameters = {{"id", "path", "integer", true, "as the answer that began it says"}};
    single.responses = {{200, "running, done or failed", "application/json", job_schema(), ""},
                        refused(404, "there is no such backup")};
    router.add({http::Method::get, "/audit/backups/{id}",
                at_once([&upkeep](Request& request) { return one(upkeep, request); }),
                std::move(single)});
}

}  // namespace yeyak::api
