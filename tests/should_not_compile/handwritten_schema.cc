// The schema of a body comes from the list that the body is checked by, and from nowhere else.
#include "api/http/router.h"

namespace yeyak::http {

RouteDoc described() {
    RouteDoc doc;
    doc.request_example = "{}";
#ifdef MISTAKE
    doc.request_schema = BodySchema{R"({"type":"object"})"};
#endif
    return doc;
}

}  // namespace yeyak::http
