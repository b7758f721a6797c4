// A file with a secret, of its owner alone (0600). It is written beside and linked, so that a file
// of this name is whole and never takes the place of another. Errors are texts that name the file
// and say what to do.
#pragma once
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace yeyak::auth {

// Nothing when the file is not there.
std::expected<std::optional<std::string>, std::string> read_secret(
    const std::filesystem::path& file);

// Durably; refused when the file is there.
std::expected<void, std::string> make_secret(const std::filesystem::path& file,
                                             std::string_view bytes);

}  // namespace yeyak::auth
