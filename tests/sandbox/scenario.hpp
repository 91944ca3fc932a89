#pragma once

#include "tests/sandbox/greenhouse_world.hpp"
#include "tests/sandbox/testdome_world.hpp"

#include <boost/json/array.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace testdome_sync::sandbox {

/// One made-up applicant, and what must stand in both systems at the end.
struct sample_applicant {
    std::string first_name{};
    std::string last_name{};
    std::string email{};
    std::string what{}; ///< for the table: "passes", "is refused" …
    behavior does = behavior::passes;
    int score = 0;
    std::string stage = "Online Test";
    bool prospect = false;
    bool rejected = false;
    bool invited_by_hand = false;
    int paid = 1;  ///< expected
    int notes = 2; ///< expected
    std::string final_stage = "Online Test";
    std::chrono::milliseconds applies_after{0}; ///< the beginning
    long long application = 0;                  ///< once added
};

/// The people of the demo.
std::vector<sample_applicant> sample_applicants();

void add_tests(testdome_world& testdome);

/// The job that they apply to.
long long open_job(greenhouse_world& greenhouse);

/// This applicant applies now.
void apply(testdome_world& testdome, greenhouse_world& greenhouse, sample_applicant& who, long long job);

/// Adds tests, a job and these applicants to both systems, all at once.
void play(testdome_world& testdome, greenhouse_world& greenhouse, std::vector<sample_applicant>& applicants);

/// `[{"applicant","what","paid","notes","field","stage","ok","missing"}]`: what is there, and what is not as expected.
/// With `after_faults`, a note that told of the invitation may be missing: it is not written once the result is known.
boost::json::array outcomes(const testdome_world& testdome, const greenhouse_world& greenhouse,
                            const std::vector<sample_applicant>& applicants, bool after_faults = false);

/// The first of these outcomes that is not as expected, or else the first request that the API documents don't allow;
/// empty if all is well.
std::string first_complaint(const testdome_world& testdome, const greenhouse_world& greenhouse,
                            const std::vector<sample_applicant>& applicants, bool after_faults = false);

/// Milliseconds from each invited applicant's appearance to the invitation's, in the order of the payments.
boost::json::array delays(const testdome_world& testdome, const greenhouse_world& greenhouse,
                          const std::vector<sample_applicant>& applicants);

} // namespace testdome_sync::sandbox
