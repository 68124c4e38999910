-- Headquarters and their duty: nothing here is about a traveller, so that no row hides; nobody deletes one.

GRANT SELECT, INSERT, UPDATE ON headquarters, work_group, duty_person, membership, duty_slot, duty_handover, duty_swap
    TO lianfang_app;

-- A duty day begins at 08:00 in the city (UTC+8 the year round) and ends with the next; three parts fill it.
ALTER TABLE duty_slot ADD CONSTRAINT duty_slot_has_the_hours_of_its_part CHECK (
    begins_at = (on_date + make_interval(hours => CASE part WHEN 'MIDDLE' THEN 16 WHEN 'LATE' THEN 24 ELSE 8 END))
                AT TIME ZONE 'Asia/Shanghai'
    AND ends_at - begins_at = CASE part WHEN 'FULL' THEN interval '24 hours' ELSE interval '8 hours' END
    AND part IN ('FULL', 'EARLY', 'MIDDLE', 'LATE')
);
