// Figures by name, as Prometheus reads them (text exposition format 0.0.4). Names are in base units
// and begin with yeyak_ or, where Prometheus gives them, process_; a name without figures is left
// out.
//
// A label's value is a word of the program or of its configuration (a route's pattern, a view, a
// context), never what a client sent: so there are only so many of them, and none names a person.
#pragma once
#include <prometheus/metric_family.h>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/metrics/histogram.h"

namespace yeyak::server {

class Families {
  public:
    struct Label {
        std::string_view name;
        std::string_view value;
    };
    using Labels = std::initializer_list<Label>;

    // Each begins a family; set() and observe() then add to the newest one.
    Families& gauge(std::string_view name, std::string_view help);
    Families& counter(std::string_view name, std::string_view help);
    Families& histogram(std::string_view name, std::string_view help);

    template <class Number>
    Families& set(Labels labels, Number value) {
        return put(labels, static_cast<double>(value));
    }
    template <class Number>
    Families& set(Number value) {
        return put({}, static_cast<double>(value));
    }
    Families& observe(Labels labels, const Histogram& values);
    // Counts of values up to each bound and beyond the last one, and the sum of the values.
    Families& observe(Labels labels, std::span<const double> bounds,
                      std::span<const std::uint64_t> counts, double sum);

    std::string text() const;

  private:
    Families& begin(std::string_view name, std::string_view help, prometheus::MetricType type);
    prometheus::ClientMetric& add(Labels labels);
    Families& put(Labels labels, double value);

    std::vector<prometheus::MetricFamily> families_;
};

inline constexpr std::string_view exposition_type = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace yeyak::server
