#include "server/run_mark.h"

#include <unistd.h>

#include "audit/proofs/files.h"

namespace yeyak::server {

using eventstore::StoreResult;

namespace {

constexpr std::string_view text = "a server runs here, or was ended from outside\n";

}  // namespace

StoreResult<RunMark> RunMark::set(const std::filesystem::path& data) {
    const auto file = data / "running";
    const auto found = audit::read_file(file);
    if (!found) return std::unexpected(found.error());
    if (auto written = audit::replace_file(file, text, 0600); !written)
        return std::unexpected(std::move(written).error());
    return RunMark{file, found->has_value()};
}

StoreResult<void> RunMark::remove() const {
    if (::unlink(file_.c_str()) != 0) return std::unexpected(audit::system_error("remove", file_));
    return audit::sync_folder(file_.parent_path());
}

}  // namespace yeyak::server
