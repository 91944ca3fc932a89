#include "sync/parts.hpp"

#include <string_view>

namespace testdome_sync::sync {
namespace {

constexpr std::string_view mapping_prefix = "mapping/"; // a mapping may be called testdome

} // namespace

std::string part_of(const std::string& mapping)
{
    return std::string(mapping_prefix) + mapping;
}

std::string shown_part(const std::string& part)
{
    return part.starts_with(mapping_prefix) ? "mapping " + part.substr(mapping_prefix.size()) : "TestDome";
}

own_parts::turn own_parts::begin(const std::string& part)
{
    const auto found = parts_.find(part);
    if (found == parts_.end() || found->second.is_let_go)
        return {};
    return turn(found->second.turns);
}

bool own_parts::has(const std::string& part) const
{
    const auto found = parts_.find(part);
    return found != parts_.end() && !found->second.is_let_go;
}

int own_parts::tenure(const std::string& part) const
{
    const auto found = parts_.find(part);
    return found == parts_.end() ? 0 : found->second.tenure;
}

void own_parts::call(const std::string& part, part_call what)
{
    if (called_.emplace(part, what).second)
        when_called();
}

void own_parts::take(const std::string& part)
{
    const auto [place, is_new] = parts_.try_emplace(part);
    if (is_new)
        place->second.tenure = ++tenures_;
}

void own_parts::let_go(const std::string& part)
{
    if (const auto found = parts_.find(part); found != parts_.end())
        found->second.is_let_go = true;
}

void own_parts::keep(const std::string& part)
{
    if (const auto found = parts_.find(part); found != parts_.end())
        found->second.is_let_go = false;
}

void own_parts::give(const std::string& part)
{
    parts_.erase(part);
}

bool own_parts::is_idle(const std::string& part) const
{
    const auto found = parts_.find(part);
    return found == parts_.end() || *found->second.turns == 0;
}

std::vector<std::string> own_parts::all() const
{
    std::vector<std::string> names;
    for (const auto& [name, own] : parts_)
        names.push_back(name);
    return names;
}

} // namespace testdome_sync::sync
