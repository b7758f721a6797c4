// The primitive encodings of the on-disk format (FORMAT.md): big-endian keys, LEB128 varints,
// length-prefixed texts. Reading never runs past the end, and takes what writing gives and nothing
// else, so that a value has one form; a reader that fails stays failed.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace yeyak::eventstore {

inline void put_u64_be(std::string& out, std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

inline void put_varint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7f) | 0x80);
    out += static_cast<char>(value);
}

inline void put_text(std::string& out, std::string_view text) {
    put_varint(out, text.size());
    out += text;
}

class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

    bool ok() const { return ok_; }
    std::string_view rest() const { return rest_; }

    std::string_view take(std::size_t size) {
        if (!ok_ || rest_.size() < size) {
            ok_ = false;
            return {};
        }
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    std::uint8_t u8() {
        const auto byte = take(1);
        return ok_ ? static_cast<std::uint8_t>(byte[0]) : 0;
    }
    std::uint64_t u64_be() {
        std::uint64_t value = 0;
        for (const char c : take(8)) value = value << 8 | static_cast<std::uint8_t>(c);
        return value;
    }
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const std::uint8_t byte = u8();
            if (!ok_ || (shift == 63 && byte > 1)) break;
            if (shift > 0 && byte == 0) break;  // longer than the value needs
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if ((byte & 0x80) == 0) return value;
        }
        ok_ = false;
        return 0;
    }
    std::string_view text() { return take(varint()); }

  private:
    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace yeyak::eventstore
