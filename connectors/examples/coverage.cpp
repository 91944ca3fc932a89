#include "connectors/examples/coverage.hpp"

#include <algorithm>

namespace testdome_sync::examples {
namespace {

std::uint32_t last_line(const config::node& of)
{
    auto line = of.where.line;
    for (const auto& item : of.items)
        line = std::max(line, last_line(item));
    for (const auto& member : of.members)
        line = std::max(line, last_line(member.value));
    return line;
}

/// Whether this place belongs to an action that no example shows at all: that is told once.
bool is_in_action_not_shown(const config::position& place, const config::node& preset, const shown_parts& shown)
{
    const auto* actions = preset.find("actions");
    return actions && std::ranges::any_of(actions->members, [&](const config::node_member& action) {
               return !shown.actions_done.contains(action.key.text) && place.file == action.key.where.file &&
                      place.line >= action.key.where.line && place.line <= last_line(action.value);
           });
}

void actions_not_shown(const config::node& preset, const shown_parts& shown, config::problems& found)
{
    const auto* actions = preset.find("actions");
    if (!actions)
        return;
    for (const auto& [name, value] : actions->members) {
        if (!shown.actions_done.contains(name.text))
            found.add(name.where, "no example shows action \"" + name.text + "\" being done");
        else if (!shown.actions_repeated.contains(name.text))
            found.add(name.where, "no example shows what becomes of action \"" + name.text +
                                      "\" after a lost answer; add \"again\" to one");
    }
}

void members_not_shown(const config::node& of, const std::string& prefix, const shown_parts& shown,
                       config::problems& found)
{
    for (const auto& [key, value] : of.members) {
        const bool structured = value.kind == config::node_kind::mapping && prefix.empty();
        if (structured)
            members_not_shown(value, key.text + '.', shown, found);
        else if (!shown.application_members.contains(prefix + key.text) && key.text != "raw")
            found.add(key.where, "no example of a poll compares \"" + prefix + key.text + "\" of an application");
    }
}

bool goes_on(const rest::list_description& list)
{
    switch (list.paging.type) {
    case rest::paging_type::link_header:
    case rest::paging_type::next_url:
    case rest::paging_type::cursor:
    case rest::paging_type::since_id: return true;
    case rest::paging_type::none:
    case rest::paging_type::offset:
    case rest::paging_type::page: return false; // a full page has hundreds of rows
    }
    return false;
}

void reading_not_shown(const config::node& preset, const rest::description& described, const shown_parts& shown,
                       config::problems& found)
{
    const auto where = [&](std::string_view key) {
        const auto* part = preset.find(key);
        return part ? part->where : preset.where;
    };
    if (!shown.poll_done)
        found.add(where("list"), "no example shows a poll");
    if (!shown.second_page && std::ranges::any_of(described.lists, goes_on))
        found.add(where("list"), "no example of a poll reads a second page");
    const auto keeps = [](const rest::list_description& list) { return list.cursor.has_value(); };
    if (!shown.cursor_left && std::ranges::any_of(described.lists, keeps))
        found.add(where("list"), "no example of a poll compares the cursor that it leaves");
    if (described.check && !shown.check_done)
        found.add(where("check"), "no example shows the check");
    if (described.auth.type != rest::auth_type::none && !shown.signed_in)
        found.add(where("auth"), "no example says what signs a request in; add it to \"every_request\"");
    if (const auto* application = preset.find("application"); application && shown.poll_done)
        members_not_shown(*application, "", shown, found);
}

} // namespace

void report_not_shown(const config::node& preset, const rest::description& described, const config::jq_library& library,
                      const shown_parts& shown, config::problems& found)
{
    reading_not_shown(preset, described, shown, found);
    actions_not_shown(preset, shown, found);
    for (const auto& where : library.never_evaluated())
        if (!is_in_action_not_shown(where, preset, shown))
            found.add(where, "no example needs this expression");
}

} // namespace testdome_sync::examples
