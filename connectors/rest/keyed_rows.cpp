#include "connectors/rest/keyed_rows.hpp"

#include "connectors/rest/request_template.hpp"
#include "sync/events.hpp"

namespace testdome_sync::rest {
namespace asio = boost::asio;
namespace json = boost::json;
using sync::errc;

sync::failure not_as_described(const config::jq_expression& expression, const config::evaluation_failure& why)
{
    return {errc::malformed,
            "the answer is not as described at " + expression.where().text() + ": " + sync::printable(why.reason)};
}

asio::awaitable<sync::result<keyed_rows>> read_keyed_rows(caller& hr_system, outgoing order,
                                                          const paging_description& paging, row_description described,
                                                          std::string only_id)
{
    keyed_rows found;
    const auto take = [&](hr_answer& page) -> sync::result<caller::taken> {
        const auto& seen = page.document.as_object();
        if (seen.at("body").is_null())
            return caller::taken{0, true}; // there is none
        auto rows = described.records.all(seen);
        if (!rows)
            return not_as_described(described.records, rows.error());
        for (auto& row : *rows) {
            std::string key = only_id;
            if (described.key) {
                const auto told = described.key->first(row);
                if (!told || told->is_null())
                    return not_as_described(*described.key, told ? config::evaluation_failure{"no key"} : told.error());
                key = plain_text(*told);
            }
            found[std::move(key)].push_back(std::move(row));
        }
        return caller::taken{rows->size(), false};
    };
    auto read = co_await hr_system.read_pages(std::move(order), paging, http::effect::reads, take);
    if (!read)
        co_return read.error();
    co_return found;
}

} // namespace testdome_sync::rest
