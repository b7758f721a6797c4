#include "server/metrics/families.h"

#include <prometheus/text_serializer.h>

#include "kernel/ensure.h"

namespace yeyak::server {

using prometheus::ClientMetric;
using prometheus::MetricType;

Families& Families::begin(std::string_view name, std::string_view help, MetricType type) {
    prometheus::MetricFamily family;
    family.name = name;
    family.help = help;
    family.type = type;
    families_.push_back(std::move(family));
    return *this;
}

Families& Families::gauge(std::string_view name, std::string_view help) {
    return begin(name, help, MetricType::Gauge);
}

Families& Families::counter(std::string_view name, std::string_view help) {
    return begin(name, help, MetricType::Counter);
}

Families& Families::histogram(std::string_view name, std::string_view help) {
    return begin(name, help, MetricType::Histogram);
}

ClientMetric& Families::add(Labels labels) {
    ensure(!families_.empty(), "a figure belongs to a family");
    auto& metric = families_.back().metric.emplace_back();
    for (const auto& [name, value] : labels)
        metric.label.push_back({std::string{name}, std::string{value}});
    return metric;
}

Families& Families::put(Labels labels, double value) {
    auto& metric = add(labels);
    if (families_.back().type == MetricType::Counter)
        metric.counter.value = value;
    else
        metric.gauge.value = value;
    return *this;
}

Families& Families::observe(Labels labels, const Histogram& values) {
    return observe(labels, values.bounds(), values.counts(), values.sum());
}

Families& Families::observe(Labels labels, std::span<const double> bounds,
                            std::span<const std::uint64_t> counts, double sum) {
    ensure(counts.size() == bounds.size() + 1, "the last count has no bound");
    auto& histogram = add(labels).histogram;
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        so_far += counts[i];
        histogram.bucket.push_back({so_far, bounds[i]});
    }
    histogram.sample_count = so_far + counts.back();
    histogram.sample_sum = sum;
    return *this;
}

std::string Families::text() const {
    std::vector<prometheus::MetricFamily> filled;
    for (const auto& family : families_)
        if (!family.metric.empty()) filled.push_back(family);
    return prometheus::TextSerializer{}.Serialize(filled);
}

}  // namespace yeyak::server
