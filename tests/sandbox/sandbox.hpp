#pragma once

#include "tests/sandbox/scenario.hpp"
#include "tests/sandbox/server.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace testdome_sync::sandbox {

struct sandbox_options {
    std::uint16_t port = 0;  ///< 0: a free one
    std::string directory{}; ///< gets ca.pem, an example configuration and its secrets; made if it is missing
    int more_applicants = 0; ///< made-up people besides the sample ones
    pace people{};
    int break_one_in = 0; ///< every so many requests, on average, the connection breaks before or after the effect
    std::chrono::seconds tokens{0};                ///< how long they last; 0: as the real systems' do
    std::chrono::milliseconds invitations_late{0}; ///< TestDome answers invitations so long after their effect
    std::chrono::seconds arriving_within{0};       ///< the made-up people apply one after another; 0: all at once
    bool applicants_wait =
        false;          ///< the made-up people take their tests when `POST /sandbox/finish?people=N` lets them
    int hr_systems = 1; ///< Greenhouses, each with a mapping file; the made-up people are divided among them
};

/// TestDome and Greenhouse on this machine, over TLS with a certificate made on the spot: `/testdome/…` and
/// `/greenhouse/…` of one port (`/greenhouse-2/…` and so on, if there are several). `GET /sandbox/outcomes` tells what
/// stands in their books. Runs on the executor's thread.
class sandbox {
public:
    sandbox(boost::asio::any_io_executor executor, const sandbox_options& options);

    std::string url() const; ///< `https://127.0.0.1:PORT`
    std::string configuration_path() const;

private:
    struct hr_system {
        std::string name; ///< and place: greenhouse, greenhouse-2 …
        greenhouse_world books;
        std::vector<sample_applicant> applicants{}; ///< in the order in which they apply
        std::size_t arrived = 0;                    ///< so many of them
        long long job = 0;
    };

    reply answer(const http::request& request);
    reply answer_of_systems(const http::request& request);
    http::response control(const http::request& request);
    http::response books() const;
    http::response finish(const std::string& people);
    /// What each HR system has of a kind, one after another.
    boost::json::array all_of(const std::function<boost::json::array(const hr_system&)>& of) const;
    void open_hr_systems(const sandbox_options& options);
    void write_files(const certificate& authority);
    void let_people_arrive();

    std::string directory_;
    testdome_world testdome_;
    std::vector<hr_system> hr_systems_;
    std::deque<sample_applicant> waiting_; ///< to be let take their tests
    std::chrono::steady_clock::time_point opened_ = std::chrono::steady_clock::now();
    int break_one_in_;
    std::chrono::milliseconds invitations_late_;
    std::minstd_rand dice_{1};
    std::unique_ptr<server> server_;
};

} // namespace testdome_sync::sandbox
