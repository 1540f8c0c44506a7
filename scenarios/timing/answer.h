#pragma once

#include "scenarios/timing/choice.h"
#include "scenarios/timing/measurement.h"
#include "scenarios/timing/packet-times.h"
#include "scenarios/timing/question.h"

#include <string>
#include <vector>

namespace lanpeer::timing
{

/// Everything that is told.
struct Answer
{
    Question question;
    PacketTimes times;
    Choice choice;
    std::vector<Measured> rows;
};

/// For a terminal: the LAN, the choice in words, a table with the closed form beside the
/// simulation, and where not to use it. UTF-8, ends with a newline.
std::string TextOf(const Answer& answer);

/// One JSON object with the same, ends with a newline. Times in ms, probabilities as such.
std::string JsonOf(const Answer& answer);

/// What the simulation has not of the real protocol and its LAN, and why; a sentence or two.
std::string SimulationText();

/// What the choice takes for granted, to be read with it.
std::string ChoiceCaution(const Answer& answer);

/// What the formulas and this simulation leave out, a sentence each: first what holds of every LAN,
/// then what the question brings up. Never empty.
std::vector<std::string> CautionsOf(const Answer& answer);

} // namespace lanpeer::timing
