// What many sources include, parsed once for all of them. Only headers that do not belong to this
// repository stand here, and each source includes what it uses all the same: g++ and script/lint
// read it without this file.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <any>
#include <array>
#include <atomic>
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <deque>
#include <expected>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>
