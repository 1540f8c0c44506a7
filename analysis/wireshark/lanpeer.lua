-- Wireshark and tshark show LanPeer's service packets (UDP port 1967) with this.
--
--   wireshark -X lua_script:lanpeer.lua FILE.pcap
--   tshark -X lua_script:lanpeer.lua -r FILE.pcap -Y lanpeer
--
-- One XML element `service` per datagram; its attributes are the fields, under the kinds that the
-- patent's words name: I need, I have, I found, ... The filters begin with "lanpeer.", as in
-- lanpeer.kind == "I need" or lanpeer.href contains "engine". A datagram that is no such element, or
-- lacks what its kind must have, is told as one, with the reason. It is for looking, not for judging:
-- the service is stricter (model/protocol/packet-codec.h).

local lanpeer = Proto("lanpeer", "LanPeer service packet")

local KIND_HELP = "what the packet is, in the patent's words"

local fields = {
    kind = ProtoField.string("lanpeer.kind", "Kind", base.UNICODE, KIND_HELP),
    type = ProtoField.string("lanpeer.type", "Type"),
    version = ProtoField.string("lanpeer.version", "Version"),
    id = ProtoField.uint32("lanpeer.id", "Request", base.DEC, nil, nil, "the request's ID"),
    node = ProtoField.string("lanpeer.node", "Node", base.UNICODE, "the sender"),
    to = ProtoField.string("lanpeer.to", "To", base.UNICODE, "whose request is answered"),
    method = ProtoField.string("lanpeer.method", "Method"),
    href = ProtoField.string("lanpeer.href", "Resource"),
    acceptprotocol = ProtoField.string("lanpeer.acceptprotocol", "Accepted protocol"),
    cached = ProtoField.string("lanpeer.cached", "Cached", base.UNICODE,
                               "only: copies; no: somebody may fetch it from the Internet"),
    status = ProtoField.string("lanpeer.status", "Status"),
    location = ProtoField.string("lanpeer.location", "Location", base.UNICODE,
                                 "where the copy is served"),
    size = ProtoField.uint64("lanpeer.size", "Size", base.DEC, nil, nil, "of the resource, in bytes"),
    received = ProtoField.uint64("lanpeer.received", "Received", base.DEC, nil, nil,
                                 "of the resource so far, in bytes"),
    delay = ProtoField.uint32("lanpeer.delay", "Delay", base.DEC, nil, nil,
                              "the longest response delay that is waited for, in ms"),
    busy = ProtoField.uint32("lanpeer.busy", "Busy", base.DEC, nil, nil,
                             "no upload slot is free; to be tried after so many ms"),
    wait = ProtoField.string("lanpeer.wait", "Waits", base.UNICODE,
                             "1: the sender waits for a download now"),
    lock = ProtoField.string("lanpeer.lock", "Lock"),
    key = ProtoField.string("lanpeer.key", "Key"),
    app = ProtoField.string("lanpeer.app", "Application"),
    other = ProtoField.string("lanpeer.attribute", "Attribute", base.UNICODE,
                              "an attribute that the service keeps for the application"),
}

local in_order = {}
for _, field in pairs(fields) do
    in_order[#in_order + 1] = field
end
lanpeer.fields = in_order

local broken = ProtoExpert.new("lanpeer.broken", "Not a service packet", expert.group.MALFORMED,
                               expert.severity.WARN)
lanpeer.experts = { broken }

-- Attributes whose names differ from those of the fields: compared as the service does, in bytes.
local field_of = { ID = "id" }
for name, _ in pairs(fields) do
    if name ~= "kind" and name ~= "other" and name ~= "id" then
        field_of[name] = name
    end
end

local numbers = { id = 0xffffffff, delay = 0xffffffff, busy = 0xffffffff }
local long_numbers = { size = true, received = true }
local LONG_DIGITS = 15 -- exact in Lua's numbers; the service knows none above 2^53

local entities = { amp = "&", lt = "<", gt = ">", quot = '"', apos = "'" }

local function utf8_of(code)
    if code < 0x80 then
        return string.char(code)
    elseif code < 0x800 then
        return string.char(0xc0 + math.floor(code / 0x40), 0x80 + code % 0x40)
    elseif code < 0x10000 then
        return string.char(0xe0 + math.floor(code / 0x1000),
                           0x80 + math.floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
    end
    return string.char(0xf0 + math.floor(code / 0x40000), 0x80 + math.floor(code / 0x1000) % 0x40,
                       0x80 + math.floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
end

-- The text of an attribute's value, or nil if it has an entity that is none of XML's own.
local function unescaped(text)
    local right = true
    local plain = text:gsub("&([^;&]*;?)", function(entity)
        local name = entity:match("^(%w+);$")
        if name and entities[name] then
            return entities[name]
        end
        local decimal = entity:match("^#(%d+);$")
        local hex = entity:match("^#x(%x+);$")
        local code = tonumber(decimal or "") or tonumber(hex or "", 16)
        -- No control characters, which might reach a terminal, and no halves of pairs (R-PKT-4).
        if code and code >= 0x20 and not (code >= 0x7f and code < 0xa0)
            and not (code >= 0xd800 and code < 0xe000) and code <= 0x10ffff then
            return utf8_of(code)
        end
        right = false
        return ""
    end)
    if not right or plain:find("[%z\1-\31\127]") then
        return nil
    end
    return plain
end

-- The attributes of the one element, in their order: {name, value, first byte, bytes}; or nil and
-- why it is none.
local function parse(text)
    local position = 1
    local function skip(pattern)
        local _, last = text:find("^" .. pattern, position)
        if last then
            position = last + 1
        end
        return last ~= nil
    end
    skip("%s*")
    if skip("<%?xml[^>]*%?>") then
        skip("%s*")
    end
    if not skip("<service") then
        return nil, "no element service"
    end
    local attributes, seen = {}, {}
    while skip("%s+") do
        local first = position
        local name = text:match("^([%w_:][%w_:.-]*)%s*=", position)
        if not name then
            break
        end
        skip("[%w_:][%w_:.-]*%s*=%s*")
        local quote = text:sub(position, position)
        local value = nil
        if quote == '"' or quote == "'" then
            value = text:match("^" .. quote .. "([^<" .. quote .. "]*)" .. quote, position)
        end
        if not value then
            return nil, "the value of " .. name .. " is not in quotes"
        end
        position = position + #value + 2
        local plain = unescaped(value)
        if not plain then
            return nil, "a character that may not be in " .. name
        end
        if seen[name] then
            return nil, name .. " stands twice"
        end
        seen[name] = plain
        attributes[#attributes + 1] = { name = name, value = plain, first = first - 1,
                                        bytes = position - first }
    end
    if not (skip("/>") or skip(">%s*</service%s*>")) then
        return nil, "the element does not end"
    end
    skip("%s*")
    if position <= #text then
        return nil, "something behind the element"
    end
    return attributes, seen
end

local function kind_of(seen)
    local kind = seen.type
    if kind == "request" then
        return "I need"
    elseif kind == "response" and seen.status == "have" then
        return "I have"
    elseif kind == "response" and seen.status == "downloading" then
        return "I am downloading"
    elseif kind == "end-request" then
        return "I found"
    elseif kind == "downloading" then
        return "downloading"
    elseif kind == "download-complete" then
        return "download complete"
    elseif kind == "download-failed" then
        return "download failed"
    elseif kind and kind ~= "response" and kind:find("^[%w._-]+$") then
        return "application"
    end
    return nil, kind == "response" and "a status that is none" or "no type"
end

-- What a kind must have beside its type and version.
local needed = {
    ["I need"] = { "ID", "href" },
    ["I have"] = { "ID", "href", "location" },
    ["I am downloading"] = { "ID", "href" },
    ["I found"] = { "ID", "href" },
    ["downloading"] = { "href" },
    ["download complete"] = { "href", "location" },
    ["download failed"] = { "href" },
    ["application"] = {},
}

-- The kind, or nil and why it is none.
local function whole_kind_of(seen)
    local kind, reason = kind_of(seen)
    if not kind then
        return nil, reason
    end
    for _, name in ipairs(needed[kind]) do
        if not seen[name] then
            return nil, name .. " is missing"
        end
    end
    if not seen.version then
        return nil, "version is missing"
    end
    return kind
end

-- A line for the list of packets, which has the sender's address: what, and the end of the URL,
-- which tells files apart.
local function summary(kind, seen)
    local line = kind
    if seen.ID then
        line = line .. " #" .. seen.ID
    end
    if seen.href then
        line = line .. " " .. (seen.href:match("([^/]+)$") or seen.href)
    end
    if kind == "application" then
        line = line .. (seen.app and " " .. seen.app or "") .. " " .. seen.type
    end
    if seen.received then
        line = line .. " " .. seen.received .. (seen.size and " of " .. seen.size or "") .. " bytes"
    end
    if seen.busy then
        line = line .. ", busy for " .. seen.busy .. " ms"
    end
    if seen.wait == "1" then
        line = line .. ", waits"
    end
    if seen.to then
        line = line .. " to " .. seen.to
    end
    return line
end

function lanpeer.dissector(buffer, packet, tree)
    packet.cols.protocol = "LanPeer"
    local whole = buffer:range()
    local text = whole:raw()
    local branch = tree:add(lanpeer, whole)
    local attributes, seen = parse(text)
    local kind, reason
    if attributes then
        kind, reason = whole_kind_of(seen)
    else
        reason = seen
    end
    if not kind then
        packet.cols.info = "not a service packet: " .. reason
        branch:add_proto_expert_info(broken, "Not a service packet: " .. reason)
        return buffer:len()
    end
    packet.cols.info = summary(kind, seen)
    branch:append_text(": " .. summary(kind, seen))
    branch:add(fields.kind, whole, kind):set_generated()
    for _, attribute in ipairs(attributes) do
        local at = buffer:range(attribute.first, attribute.bytes)
        local name = field_of[attribute.name]
        local number = tonumber(attribute.value:match("^%d+$") or "")
        if name and long_numbers[name] then
            if number and #attribute.value <= LONG_DIGITS then
                branch:add(fields[name], at, UInt64.new(number % 0x100000000,
                                                        math.floor(number / 0x100000000)))
            end
        elseif name and numbers[name] then
            if number and number <= numbers[name] then
                branch:add(fields[name], at, number)
            end
        elseif name then
            branch:add(fields[name], at, attribute.value)
        else
            branch:add(fields.other, at, attribute.name .. "=" .. attribute.value)
        end
    end
    return buffer:len()
end

DissectorTable.get("udp.port"):add(1967, lanpeer)
