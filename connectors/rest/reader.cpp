#include "connectors/rest/reader.hpp"

#include "connectors/rest/keyed_rows.hpp"
#include "connectors/rest/list_memory.hpp"
#include "sync/events.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace testdome_sync::rest {
namespace asio = boost::asio;
namespace json = boost::json;
using sync::errc;

namespace {

/// Joined records that are kept by a cache: some MiB at most.
constexpr std::size_t joined_limit = 10'000;

std::string key_of(const json::value& id)
{
    return plain_text(id);
}

/// The record as an object, so that something can be added to it.
json::object& object_of(json::value& record)
{
    if (!record.is_object())
        record = json::object{{"value", record}};
    return record.as_object();
}

} // namespace

asio::awaitable<sync::result<sync::poll_answer>> application_reader::read(sync::poll_request request)
{
    auto document = co_await lookups_.document();
    if (!document)
        co_return document.error();
    look of{request, *document};
    list_memory memory(request.cursor, hr_system_.described());
    auto read = co_await read_lists(of, memory);
    if (read)
        read = co_await take_in_found(of);
    if (!read)
        co_return read.error();
    listed_.end_look();
    known_.end_look();
    joined_before_.end_look();
    of.answer.cursor = memory.stored();
    of.newest.move_into(of.answer);
    co_return std::move(of.answer);
}

asio::awaitable<sync::result<void>> application_reader::read_lists(look& of, list_memory& memory)
{
    const auto& described = hr_system_.described();
    for (const auto& list : described.lists) {
        const auto since = memory.due(list, clock_.wall(), of.request.since);
        if (!since)
            continue;
        reading one{list, of.document, *since, of, memory.cursor};
        one.document["since"] = list.since.write(*since, described.time_zone);
        one.document["cursor"] = memory.cursor;
        // Two statements: g++ 12 destroys the arguments of a co_await inside ?: twice.
        sync::result<void> read;
        if (list.for_each)
            read = co_await read_list_for_each(one);
        else
            read = co_await read_list(one);
        if (!read)
            co_return read.error();
    }
    co_return sync::result<void>{};
}

/// Records that are joined and understood take a fraction of what they take as they come, and the first poll may bring
/// a hundred thousand.
asio::awaitable<sync::result<void>> application_reader::take_in_if_many(look& of)
{
    constexpr std::size_t many = 500;
    if (of.found.size() >= many)
        co_return co_await take_in_found(of);
    co_return sync::result<void>{};
}

asio::awaitable<sync::result<void>> application_reader::take_in_found(look& of)
{
    const auto& described = hr_system_.described();
    auto found = std::exchange(of.found, {});
    digests as_listed;
    if (!described.enrich.empty()) {
        std::vector<known_application> aside;
        as_listed = set_aside(found, of.request, aside);
        for (const auto& one : aside)
            of.newest.add_known(one.id, one.updated_at);
        for (auto& record : found) { // a record may have members of these names, which are not what we add
            object_of(record)["joined"] = json::object{};
            object_of(record).erase("missing");
        }
    }
    for (const auto& one : described.enrich) {
        auto joined = co_await join(one, of.document, found);
        if (!joined)
            co_return joined.error();
    }
    take_in(found, as_listed, of);
    co_return sync::result<void>{};
}

asio::awaitable<sync::result<std::vector<json::value>>> application_reader::items_of(const list_description& list,
                                                                                     const json::object& document)
{
    const auto& each = *list.for_each;
    const auto known = items_.find(list.name);
    if (known != items_.end() && known->second.until > clock_.now())
        co_return known->second.items;
    auto order = rendered(each.request, hr_system_.described(), document);
    if (!order)
        co_return order.error();
    std::vector<json::value> items;
    const auto take = [&](hr_answer& page) -> sync::result<caller::taken> {
        auto& seen = page.document.as_object();
        if (seen.at("body").is_null())
            return caller::taken{0, true};
        seen["parameters"] = hr_system_.described().open_parameters;
        auto rows = each.items.all(seen);
        if (!rows)
            return not_as_described(each.items, rows.error());
        items.insert(items.end(), rows->begin(), rows->end());
        return caller::taken{rows->size(), false};
    };
    auto read = co_await hr_system_.read_pages(std::move(*order), each.paging, http::effect::reads, take);
    if (!read)
        co_return read.error();
    if (each.cache.count() > 0)
        items_[list.name] = {items, clock_.now() + each.cache};
    co_return items;
}

asio::awaitable<sync::result<void>> application_reader::read_list_for_each(reading& of)
{
    auto items = co_await items_of(of.list, of.document);
    if (!items)
        co_return items.error();
    for (const auto& item : *items) {
        of.document["item"] = item;
        auto read = co_await read_list(of);
        if (!read)
            co_return read.error();
    }
    co_return sync::result<void>{};
}

asio::awaitable<sync::result<void>> application_reader::read_list(reading& of)
{
    auto read = co_await read_list_once(of);
    if (!read || !std::exchange(of.cursor_forgotten, false))
        co_return read;
    of.cursor = nullptr; // too old: what has changed since is asked for by time
    of.document["cursor"] = nullptr;
    read = co_await read_list_once(of);
    if (read && of.cursor_forgotten)
        co_return sync::failure{errc::malformed,
                                "the HR system says that the cursor is too old although none was sent"};
    co_return read;
}

asio::awaitable<sync::result<void>> application_reader::read_list_once(reading& of)
{
    auto order = rendered(of.list.request, hr_system_.described(), of.document);
    if (!order)
        co_return order.error();
    const auto take = [&](hr_answer& page) { return take_page(of, page); };
    const auto after = [&] { return take_in_if_many(of.into); };
    co_return co_await hr_system_.read_pages(std::move(*order), of.list.paging, http::effect::reads, take, after);
}

sync::result<caller::taken> application_reader::take_page(reading& of, hr_answer& page)
{
    auto& seen = page.document.as_object();
    of.cursor_forgotten = page.meaning == verdict::forget_cursor;
    if (seen.at("body").is_null())
        return caller::taken{0, true}; // 204, 304, skip: nothing new
    seen["parameters"] = hr_system_.described().open_parameters;
    seen["now"] = sync::to_text(clock_.wall());
    if (const auto* item = of.document.if_contains("item"))
        seen["item"] = *item;
    auto rows = of.list.records.all(seen);
    if (!rows)
        return not_as_described(of.list.records, rows.error());
    caller::taken read{rows->size(), false};
    for (auto& row : *rows) {
        if (of.list.older)
            if (const auto when = of.list.older->first(row); when)
                if (const auto time = connectors::time_in(*when, hr_system_.described().time_zone);
                    time && *time < of.since) {
                    read.stop = true;
                    break;
                }
        add(of, std::move(row));
    }
    if (of.list.cursor)
        if (const auto kept = of.list.cursor->first(seen); kept && !kept->is_null())
            of.cursor = *kept;
    return read;
}

void application_reader::add(reading& of, json::value row)
{
    const auto& described = hr_system_.described();
    auto& record = of.into.found.emplace_back(std::move(row));
    if (const auto* item = of.document.if_contains("item"))
        object_of(record)["item"] = *item;
    if (described.records_see_parameters)
        object_of(record)["parameters"] = described.open_parameters;
}

asio::awaitable<sync::result<void>> application_reader::join(const enrich_description& join,
                                                             const json::object& document, records& into)
{
    auto& known = joined_[join.name];
    std::erase_if(known, [&](const auto& one) { return one.second.until <= clock_.now(); });
    if (known.size() > joined_limit)
        known.clear();
    std::vector<std::vector<json::value>> ids_of_record;
    std::vector<json::value> missing;
    std::map<std::string, std::size_t> wanted; // how often each is
    for (auto& record : into) {
        object_of(record);
        auto ids = join.ids.all(record);
        if (!ids)
            co_return not_as_described(join.ids, ids.error());
        std::erase_if(*ids, [](const json::value& id) { return id.is_null(); });
        for (const auto& id : *ids)
            if (++wanted[key_of(id)] == 1 && !known.contains(key_of(id)))
                missing.push_back(id);
        ids_of_record.push_back(std::move(*ids));
    }
    auto fetched = co_await fetch(join, document, std::move(missing));
    if (!fetched)
        co_return fetched.error();
    for (std::size_t i = 0; i < into.size(); ++i) {
        json::array all;
        for (const auto& id : ids_of_record[i]) {
            const auto key = key_of(id);
            const auto found = known.find(key);
            if (found == known.end())
                continue;
            auto& rows = found->second.rows;
            const bool is_last = --wanted[key] == 0 && join.cache.count() == 0;
            if (is_last)
                std::ranges::move(rows, std::back_inserter(all));
            else
                all.insert(all.end(), rows.begin(), rows.end());
        }
        auto& object = object_of(into[i]);
        if (join.required && all.size() < std::max<std::size_t>(join.many ? 1 : ids_of_record[i].size(), 1))
            object["missing"] = join.name;
        const bool single = !join.many && ids_of_record[i].size() == 1;
        object["joined"].as_object()[join.name] = join.many     ? json::value(std::move(all))
                                                  : all.empty() ? json::value(nullptr)
                                                  : single      ? std::move(all.back())
                                                                : json::value(std::move(all));
    }
    if (join.cache.count() == 0)
        known.clear(); // names and addresses of everybody, which nobody asks for again
    co_return sync::result<void>{};
}

asio::awaitable<sync::result<void>> application_reader::fetch(const enrich_description& join, json::object document,
                                                              std::vector<json::value> ids)
{
    const auto until = clock_.now() + join.cache;
    auto& known = joined_[join.name];
    for (std::size_t begin = 0; begin < ids.size(); begin += join.batch) {
        const auto end = std::min(begin + join.batch, ids.size());
        json::array batch(ids.begin() + static_cast<std::ptrdiff_t>(begin),
                          ids.begin() + static_cast<std::ptrdiff_t>(end));
        document["id"] = batch.front();
        document["ids"] = batch;
        auto order = rendered(join.request, hr_system_.described(), document);
        if (!order)
            co_return order.error();
        const row_description described{join.records, join.key};
        auto read =
            co_await read_keyed_rows(hr_system_, std::move(*order), join.paging, described, key_of(batch.front()));
        // One that is gone, asked for alone, is one that isn't there.
        const bool gone = !read && read.error().code == errc::not_found && batch.size() == 1;
        if (!read && !gone)
            co_return read.error();
        auto rows_of = gone ? keyed_rows{} : std::move(*read);
        for (const auto& id : batch)
            rows_of.try_emplace(key_of(id)); // what isn't among the rows is known to be missing
        for (auto& [key, rows] : rows_of) {
            if (!join.many && rows.size() > 1)
                rows.erase(rows.begin(), rows.end() - 1);
            known.insert_or_assign(key, cached{std::move(rows), until});
        }
    }
    co_return sync::result<void>{};
}

} // namespace testdome_sync::rest
