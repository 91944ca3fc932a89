#include "sync/postgresql/library.hpp"

#include "sync/ledger.hpp"

#include <dlfcn.h>

#include <string>

namespace testdome_sync::sync::postgresql {

library::library()
{
    void* const handle = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    const auto find = [&]<class Function>(Function& function, const char* name) {
        function = handle ? reinterpret_cast<Function>(::dlsym(handle, name)) : nullptr;
        if (!function)
            throw ledger_error(std::string("a ledger in PostgreSQL needs the Debian package libpq5, which isn't "
                                           "installed or is too old: apt install libpq5 (") +
                               std::string(::dlerror()) + ')');
    };
    find(PQclear, "PQclear");
    find(PQconnectPoll, "PQconnectPoll");
    find(PQconnectStartParams, "PQconnectStartParams");
    find(PQconnectdbParams, "PQconnectdbParams");
    find(PQconnectionNeedsPassword, "PQconnectionNeedsPassword");
    find(PQconninfoFree, "PQconninfoFree");
    find(PQconninfoParse, "PQconninfoParse");
    find(PQconsumeInput, "PQconsumeInput");
    find(PQerrorMessage, "PQerrorMessage");
    find(PQfinish, "PQfinish");
    find(PQflush, "PQflush");
    find(PQfname, "PQfname");
    find(PQfreemem, "PQfreemem");
    find(PQftype, "PQftype");
    find(PQgetResult, "PQgetResult");
    find(PQgetisnull, "PQgetisnull");
    find(PQgetlength, "PQgetlength");
    find(PQgetvalue, "PQgetvalue");
    find(PQisBusy, "PQisBusy");
    find(PQnfields, "PQnfields");
    find(PQntuples, "PQntuples");
    find(PQresultErrorField, "PQresultErrorField");
    find(PQresultErrorMessage, "PQresultErrorMessage");
    find(PQresultStatus, "PQresultStatus");
    find(PQsendPrepare, "PQsendPrepare");
    find(PQsendQuery, "PQsendQuery");
    find(PQsendQueryPrepared, "PQsendQueryPrepared");
    find(PQsetErrorVerbosity, "PQsetErrorVerbosity");
    find(PQsetNoticeProcessor, "PQsetNoticeProcessor");
    find(PQsetnonblocking, "PQsetnonblocking");
    find(PQsocket, "PQsocket");
    find(PQstatus, "PQstatus");
}

const library& pq()
{
    static const library loaded;
    return loaded;
}

} // namespace testdome_sync::sync::postgresql
