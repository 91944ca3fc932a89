#pragma once

#include <string>
#include <vector>

namespace testdome_sync::daemon {

/// A table for a terminal: columns as wide as their widest cell, control characters made harmless.
class table {
public:
    explicit table(std::vector<std::string> header) : rows_{std::move(header)} {}
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    std::string text() const;

private:
    std::vector<std::vector<std::string>> rows_;
};

} // namespace testdome_sync::daemon
