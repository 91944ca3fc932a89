#include "connectors/rest/reader.hpp"

#include "sync/events.hpp"

#include <algorithm>
#include <set>

namespace testdome_sync::rest {
namespace asio = boost::asio;
namespace json = boost::json;
using sync::errc;

namespace {

sync::failure not_as_described(const config::jq_expression& expression, const config::evaluation_failure& why)
{
    return {errc::malformed,
            "the answer is not as described at " + expression.where().text() + ": " + sync::printable(why.reason)};
}

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
    const auto& described = hr_system_.described();
    json::object document{{"cursor", request.cursor}, {"credentials", described.credentials}};
    records found;
    sync::poll_answer answer;
    answer.cursor = request.cursor;
    for (const auto& list : described.lists) {
        document["since"] = formatted(request.since, list.since);
        // Two statements: g++ 12 destroys the arguments of a co_await inside ?: twice.
        sync::result<void> read;
        if (list.for_each)
            read = co_await read_list_for_each(list, document, request.since, found, answer.cursor);
        else
            read = co_await read_list(list, document, request.since, found, answer.cursor);
        if (!read)
            co_return read.error();
    }
    if (!described.enrich.empty())
        for (auto& record : found) { // a record may have members of these names, which are not what we add
            object_of(record)["joined"] = json::object{};
            object_of(record).erase("missing");
        }
    for (const auto& one : described.enrich) {
        auto joined = co_await join(one, found);
        if (!joined)
            co_return joined.error();
    }
    take_in(found, request, answer);
    co_return answer;
}

asio::awaitable<sync::result<void>> application_reader::read_list_for_each(const list_description& list,
                                                                           json::object document, sync::wall_time since,
                                                                           records& into, json::value& cursor)
{
    auto order = rendered(*list.for_each, hr_system_.described(), document);
    if (!order)
        co_return order.error();
    auto answer = co_await hr_system_.call(std::move(*order), http::effect::reads);
    if (!answer)
        co_return answer.error();
    const auto items = list.for_each_items->all(*answer);
    if (!items)
        co_return not_as_described(*list.for_each_items, items.error());
    for (const auto& item : *items) {
        document["item"] = item;
        auto read = co_await read_list(list, document, since, into, cursor);
        if (!read)
            co_return read.error();
    }
    co_return sync::result<void>{};
}

asio::awaitable<sync::result<void>> application_reader::read_list(const list_description& list, json::object document,
                                                                  sync::wall_time since, records& into,
                                                                  json::value& cursor)
{
    auto order = rendered(list.request, hr_system_.described(), document);
    if (!order)
        co_return order.error();
    const auto take = [&](const json::value& answer) -> sync::result<caller::taken> {
        if (answer.at("body").is_null())
            return caller::taken{0, true}; // 204 and 304: nothing new
        auto rows = list.records.all(answer);
        if (!rows)
            return not_as_described(list.records, rows.error());
        caller::taken read{rows->size(), false};
        for (auto& row : *rows) {
            if (list.older)
                if (const auto when = list.older->first(row); when)
                    if (const auto time = time_in(*when); time && *time < since) {
                        read.stop = true;
                        break;
                    }
            into.push_back(std::move(row));
            if (document.contains("item"))
                object_of(into.back())["item"] = document.at("item");
        }
        if (list.cursor)
            if (const auto kept = list.cursor->first(answer); kept && !kept->is_null())
                cursor = *kept;
        return read;
    };
    co_return co_await hr_system_.read_pages(std::move(*order), list.paging, http::effect::reads, take);
}

asio::awaitable<sync::result<void>> application_reader::join(const enrich_description& join, records& into)
{
    auto& known = joined_[join.name];
    std::erase_if(known, [&](const auto& one) { return one.second.until <= clock_.now(); });
    std::vector<std::vector<json::value>> ids_of_record;
    std::vector<json::value> missing;
    std::set<std::string> asked;
    for (auto& record : into) {
        object_of(record);
        auto ids = join.ids.all(record);
        if (!ids)
            co_return not_as_described(join.ids, ids.error());
        std::erase_if(*ids, [](const json::value& id) { return id.is_null(); });
        for (const auto& id : *ids)
            if (!known.contains(key_of(id)) && asked.insert(key_of(id)).second)
                missing.push_back(id);
        ids_of_record.push_back(std::move(*ids));
    }
    auto fetched = co_await fetch(join, std::move(missing));
    if (!fetched)
        co_return fetched.error();
    for (std::size_t i = 0; i < into.size(); ++i) {
        json::array all;
        for (const auto& id : ids_of_record[i])
            if (const auto found = known.find(key_of(id)); found != known.end() && !found->second.record.is_null())
                all.push_back(found->second.record);
        auto& object = object_of(into[i]);
        if (join.required && all.size() < std::max<std::size_t>(ids_of_record[i].size(), 1))
            object["missing"] = join.name;
        object["joined"].as_object()[join.name] = all.empty()                    ? json::value(nullptr)
                                                  : ids_of_record[i].size() == 1 ? std::move(all[0])
                                                                                 : json::value(std::move(all));
    }
    if (join.cache.count() == 0)
        known.clear(); // names and addresses of everybody, which nobody asks for again
    co_return sync::result<void>{};
}

asio::awaitable<sync::result<void>> application_reader::fetch(const enrich_description& join,
                                                              std::vector<json::value> ids)
{
    const auto until = clock_.now() + join.cache;
    auto& known = joined_[join.name];
    for (std::size_t begin = 0; begin < ids.size(); begin += join.batch) {
        const auto end = std::min(begin + join.batch, ids.size());
        json::array batch(ids.begin() + static_cast<std::ptrdiff_t>(begin),
                          ids.begin() + static_cast<std::ptrdiff_t>(end));
        json::object document{
            {"id", batch.front()}, {"ids", batch}, {"credentials", hr_system_.described().credentials}};
        auto order = rendered(join.request, hr_system_.described(), document);
        if (!order)
            co_return order.error();
        auto answer = co_await hr_system_.call(std::move(*order), http::effect::reads);
        // One that is gone, asked for alone, is one that isn't there.
        const bool gone = !answer && answer.error().code == errc::not_found && batch.size() == 1;
        if (!answer && !gone)
            co_return answer.error();
        for (const auto& id : batch)
            known[key_of(id)] = {nullptr, until};
        if (gone)
            continue;
        auto rows = join.records.all(*answer);
        if (!rows)
            co_return not_as_described(join.records, rows.error());
        for (auto& row : *rows) {
            const auto key = join.key.first(row);
            if (!key || key->is_null())
                co_return not_as_described(join.key, key ? config::evaluation_failure{"no key"} : key.error());
            known[key_of(*key)] = {std::move(row), until};
        }
    }
    co_return sync::result<void>{};
}

} // namespace testdome_sync::rest
