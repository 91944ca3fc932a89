#include "config/secret.hpp"

#include <cstring>

namespace testdome_sync::config {

secret& secret::operator=(const secret& other)
{
    if (this != &other) {
        erase();
        value_ = other.value_;
    }
    return *this;
}

secret& secret::operator=(secret&& other) noexcept
{
    if (this != &other) {
        erase();
        value_.swap(other.value_);
    }
    return *this;
}

void secret::erase() noexcept
{
    // explicit_bzero: the compiler may not leave it out, as it may with memset before a destructor.
    if (!value_.empty())
        ::explicit_bzero(value_.data(), value_.size());
    value_.clear();
}

} // namespace testdome_sync::config
