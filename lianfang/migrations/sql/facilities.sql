-- Places of quarantine and their rooms: about no person, so that every desk of the city may ask for a bed.

CREATE TABLE facility (
    id           uuid PRIMARY KEY,
    name         text NOT NULL CONSTRAINT facility_has_a_name CHECK (name <> ''),
    division     text NOT NULL,
    jurisdiction bigint NOT NULL,
    phone        text NOT NULL,
    opened_at    timestamptz NOT NULL,
    closed_at    timestamptz
);
CREATE UNIQUE INDEX facility_is_kept_once_by_its_name ON facility (jurisdiction, name) WHERE closed_at IS NULL;

CREATE TABLE facility_room (
    facility_id uuid NOT NULL REFERENCES facility (id),
    room        text NOT NULL CONSTRAINT facility_room_has_a_door CHECK (room <> ''),
    beds        int NOT NULL CONSTRAINT facility_room_has_beds CHECK (beds BETWEEN 1 AND 20),
    PRIMARY KEY (facility_id, room)
);

ALTER TABLE quarantine_order ADD CONSTRAINT order_is_in_a_facility_that_is_kept
    FOREIGN KEY (facility_id) REFERENCES facility (id);
ALTER TABLE quarantine_order ADD CONSTRAINT order_at_home_is_in_no_facility
    CHECK (kind = 'FACILITY' OR facility_id IS NULL);

-- How many stay in each room: asked by whoever looks for a bed in another county, whose people he does not see.
CREATE FUNCTION lianfang_beds_used(facilities uuid[]) RETURNS TABLE (facility_id uuid, room text, used bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT o.facility_id, o.room, count(*) FROM quarantine_order o
    WHERE o.ended_at IS NULL AND o.facility_id = ANY(facilities) AND o.room IS NOT NULL GROUP BY 1, 2
$$;
REVOKE ALL ON FUNCTION lianfang_beds_used(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lianfang_beds_used(uuid[]) TO lianfang_app;

-- Seen by every desk, kept by its own.
ALTER TABLE facility ENABLE ROW LEVEL SECURITY;
ALTER TABLE facility_room ENABLE ROW LEVEL SECURITY;
CREATE POLICY every_desk_asks ON facility FOR SELECT TO lianfang_app
    USING ((SELECT lianfang_is_worker()) OR NOT isempty((SELECT lianfang_reach())) OR NOT isempty((SELECT lianfang_roster_reach())));
CREATE POLICY kept_within_own_reach ON facility FOR INSERT TO lianfang_app
    WITH CHECK ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes()));
-- Whoever looks for a bed locks the facility: which columns he writes is asked by the act.
CREATE POLICY changed_by_desks ON facility FOR UPDATE TO lianfang_app USING (true)
    WITH CHECK ((SELECT lianfang_is_worker()) OR jurisdiction <@ (SELECT lianfang_writes()));
CREATE POLICY every_desk_asks ON facility_room FOR SELECT TO lianfang_app
    USING ((SELECT lianfang_is_worker()) OR NOT isempty((SELECT lianfang_reach())) OR NOT isempty((SELECT lianfang_roster_reach())));
CREATE POLICY kept_with_own_facility ON facility_room TO lianfang_app
    USING (EXISTS (SELECT FROM facility f WHERE f.id = facility_id
                   AND ((SELECT lianfang_is_worker()) OR f.jurisdiction <@ (SELECT lianfang_writes()))));
GRANT SELECT, INSERT ON facility TO lianfang_app;
GRANT UPDATE (name, phone, closed_at) ON facility TO lianfang_app;
GRANT SELECT, INSERT, UPDATE (beds), DELETE ON facility_room TO lianfang_app;

-- A link goes along with a transfer: whoever sees somebody for whom it answers sees the link.
DROP POLICY within_reach ON check_in_link;
CREATE POLICY within_reach ON check_in_link FOR SELECT TO lianfang_app
    USING (CASE WHEN jurisdiction <@ (SELECT lianfang_reach()) THEN true
           ELSE EXISTS (SELECT FROM quarantine_order o WHERE o.id = ANY(orders)) END);

-- A reason that should not stand is taken back.
ALTER TABLE order_event DROP CONSTRAINT order_event_is_of_a_known_kind;
ALTER TABLE order_event ADD CONSTRAINT order_event_is_of_a_known_kind CHECK (kind IN
    ('ORDERED', 'NOTIFIED', 'IN_PLACE', 'BLOCKED', 'REASON_ADDED', 'REASON_TAKEN_BACK', 'EXTENDED', 'TRANSFERRED', 'BROKEN',
     'CARE_ANSWERED', 'CARE_SETTLED', 'SLIP_PRINTED', 'CORRECTION_ASKED', 'CORRECTION_ANSWERED', 'RELEASED',
     'MOVED_TO_ISOLATION', 'HANDED_OVER', 'LIFTED'));

-- What a purge must not take yet: it asks which record called for an order, and when the order ended.
CREATE POLICY purge_asks ON quarantine_reason FOR SELECT TO lianfang_purge USING (true);
GRANT SELECT (order_id, reference) ON quarantine_reason TO lianfang_purge;
