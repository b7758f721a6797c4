// The figures by what they are about: each function adds the families of one part of the server.
// docs/metrics.md lists them.
#pragma once
#include <vector>

#include "kernel/time.h"
#include "server/metrics/families.h"
#include "server/scheduler.h"
#include "server/view_progress.h"

namespace yeyak {
class Contexts;
}

namespace yeyak::server {

struct BatchFigures;
struct BreakerReport;
struct Figures;
struct MetricParts;
struct ProcessFigures;
struct Readings;
class RequestFigures;
struct SagaFigures;

void add_requests(Families& to, const RequestFigures& requests);
void add_commands(Families& to, const Figures& counted);
void add_batches(Families& to, const BatchFigures& batches, std::size_t waiting);
void add_log(Families& to, const MetricParts& at, const Readings& readings);
void add_views(Families& to, const std::vector<ViewProgress>& views, eventstore::Position head);
void add_contexts(Families& to, const Contexts& contexts,
                  const std::vector<BreakerReport>& breakers);
void add_sagas(Families& to, const SagaFigures& sagas, Instant now);
// Effects, messages and timers.
void add_waiting(Families& to, const Readings& readings, const Scheduler::Report& timers,
                 Instant now);
void add_databases(Families& to, const Readings& readings);
void add_process(Families& to, const ProcessFigures& process);

}  // namespace yeyak::server
