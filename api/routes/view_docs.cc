// What /openapi.json says of lists of view rows and of single rows.
#include <fmt/format.h>

#include <algorithm>

#include "api/routes/as_of.h"
#include "api/routes/route_docs.h"
#include "api/routes/view_page.h"
#include "kernel/ensure.h"
#include "projections/runner/projector.h"
#include "server/platform.h"

namespace yeyak::api {
namespace {

// What lists and single rows both take.
void add_common(http::RouteDoc& doc, const ViewResource& resource) {
    doc.parameters.push_back(
        number_doc("minPosition", 0, INT64_MAX, "wait until the view has applied this position"));
    doc.parameters.push_back(
        word_doc("consistency", {"fresh", "eventual"}, "fresh (default) or eventual"));
    if (resource.hides_cancelled)
        doc.parameters.push_back(
            query_doc("includeCancelled", "boolean", "true shows cancelled ones, too"));
    describe_as_of(doc);
    for (auto& response : doc.responses)
        if (response.status == 200 || response.status == 304)
            response.headers.insert(response.headers.end(), {"Yeyak-Position", "Yeyak-Lag"});
    doc.responses.push_back(
        refused(409, "the view has not reached minPosition, or asOf is beyond the log"));
    doc.responses.push_back(refused(503, "the view is stopped, or the past cannot be read now"));
    if (!resource.plain) doc.produces = {"application/hal+json", "application/json"};
}

http::ResponseDoc shown(const ViewResource& resource, std::string description, std::string schema) {
    return {200, std::move(description),
            resource.plain ? "application/json" : "application/hal+json", std::move(schema), ""};
}

const projections::View& view_of(const server::Reads& reads, const ViewResource& resource) {
    const auto* view = projections::find_view(reads.platform().views, resource.view);
    ensure(view != nullptr, "a view that is listed is registered");
    return *view;
}

std::string row_schema(const server::Reads& reads, const ViewResource& resource) {
    auto row = view_of(reads, resource).row_schema();
    return resource.plain ? row : schema::hal_row(row, resource.item);
}

std::string filter_schema(const ViewResource& resource, const projections::View& view,
                          const std::string& field) {
    const auto* words = words_of(resource, field);
    return words == nullptr ? view.field_schema(field)
                            : schema::one_of({words->begin(), words->end()});
}

}  // namespace

const std::vector<std::string>* words_of(const ViewResource& resource, std::string_view field) {
    const auto found = std::ranges::find(resource.words, field, &FilterWords::field);
    return found == resource.words.end() ? nullptr : &found->words;
}

http::RouteDoc row_doc(const server::Reads& reads, const ViewResource& resource,
                       std::string_view tag) {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.summary = fmt::format("Read one of {}", resource.path);
    const bool number = resource.key == ViewResource::Key::number;
    doc.parameters = {{"id", "path", number ? "integer" : "string", true, ""}};
    doc.responses = {shown(resource, "the row", row_schema(reads, resource)),
                     refused(404, "there is none")};
    doc.description =
        "The ETag begins with the version of the row's stream, or of each of its "
        "streams: a command on the row takes it in If-Match.";
    describe_revision(doc);
    add_common(doc, resource);
    return doc;
}

http::RouteDoc list_doc(const server::Reads& reads, const ViewResource& resource,
                        std::string_view tag) {
    http::RouteDoc doc;
    doc.tag = tag;
    doc.summary = fmt::format("List {}", resource.path);
    doc.parameters = {
        number_doc("page", 0, max_page, "from 0"), number_doc("size", 1, 1000, "1 to 1000, 20"),
        query_doc("sort", "string",
                  fmt::format("{}, with ,asc or ,desc", fmt::join(resource.sortable, ", ")),
                  fmt::format(R"({{"type":"string","pattern":"^({})(,(asc|desc))?$"}})",
                              fmt::join(resource.sortable, "|")))};
    const auto& view = view_of(reads, resource);
    for (const auto& filter : resource.filters)
        doc.parameters.push_back(query_doc(filter, "", "only rows with this value",
                                           filter_schema(resource, view, filter)));
    const auto row = row_schema(reads, resource);
    doc.responses = {
        shown(resource, "a page",
              resource.plain ? schema::list(row) : schema::hal_page(row, resource.path))};
    if (resource.plain) doc.responses.front().headers = {"X-Total-Count"};
    add_common(doc, resource);
    return doc;
}

}  // namespace yeyak::api
