# Makes the configuration file and its page of what `lanpeerd --keys` prints:
#
#   PATH: VALUE
#       MEANING (ALLOWED)
#
# cmake -DLANPEERD=PROGRAM -DFROM=SOURCES -DTO=FOLDER -P write-keys.cmake
execute_process(COMMAND ${LANPEERD} --keys OUTPUT_VARIABLE keys COMMAND_ERROR_IS_FATAL ANY)

# Lists of CMake know these letters.
string(REPLACE "[" "<OPEN>" keys "${keys}")
string(REPLACE "]" "<CLOSE>" keys "${keys}")
string(REPLACE ";" "<SEMICOLON>" keys "${keys}")
string(REGEX REPLACE "\n$" "" keys "${keys}")
string(REPLACE "\n" ";" lines "${keys}")

set(file "")
set(page "")
while(lines)
  list(POP_FRONT lines key meaning)
  if(NOT key MATCHES "^([a-z0-9_.]+): (.*)$")
    message(FATAL_ERROR "lanpeerd --keys: not a key: ${key}")
  endif()
  set(path ${CMAKE_MATCH_1})
  set(value "${CMAKE_MATCH_2}")
  string(STRIP "${meaning}" meaning)
  string(STRIP "#${path}: ${value}" line)
  string(APPEND file "# ${meaning}\n${line}\n\n")

  string(REPLACE "\\" "\\e" meaning "${meaning}")
  string(REPLACE "-" "\\-" value "${value}")
  string(APPEND page ".TP\n.B ${path}\n${meaning}.\n")
  if(NOT value STREQUAL "")
    string(APPEND page "Default: ${value}.\n")
  endif()
endwhile()

foreach(text file page)
  string(REPLACE "<OPEN>" "[" ${text} "${${text}}")
  string(REPLACE "<CLOSE>" "]" ${text} "${${text}}")
  string(REPLACE "<SEMICOLON>" ";" ${text} "${${text}}")
endforeach()
file(READ ${FROM}/lanpeerd.yaml.in head)
file(WRITE ${TO}/lanpeerd.yaml "${head}${file}")
file(READ ${FROM}/man/lanpeerd.yaml.5.in around)
string(REPLACE "@KEYS@\n" "${page}" around "${around}")
file(WRITE ${TO}/man/lanpeerd.yaml.5 "${around}")
