#pragma once

#include <string>
#include <utility>

namespace testdome_sync::config {

/// A value that must not reach a log, an error or a core file by accident: it has no stream operator and no
/// conversion, and its memory is overwritten when it is destroyed. Whoever needs the text says so: `reveal()`.
class secret {
public:
    secret() = default;
    explicit secret(std::string value) : value_(std::move(value)) {}
    secret(const secret&) = default;
    secret(secret&& other) noexcept : value_(other.value_) { other.erase(); }
    secret& operator=(const secret& other);
    secret& operator=(secret&& other) noexcept;
    ~secret() { erase(); }

    const std::string& reveal() const { return value_; }
    bool empty() const { return value_.empty(); }

private:
    void erase() noexcept;
    std::string value_;
};

} // namespace testdome_sync::config
